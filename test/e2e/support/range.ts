import { docker } from '../../lab/docker-engine.mjs';
import { onlyJournal } from './journal.js';
import type { LaunchedConsole } from './console.js';

/** The practice engine, asked by the real engine's own client. */
export type PracticeEngine = {
  readonly ask: (...args: readonly string[]) => Promise<string>;
  /** Every container by name, with its version and whether it runs: `v1.1.0 running`. */
  readonly containers: () => Promise<Readonly<Record<string, string>>>;
};

export async function practiceEngine(lastgood: LaunchedConsole): Promise<PracticeEngine> {
  const [started] = (await onlyJournal(lastgood)).events('run.started');
  const socket = started?.environment.engines[0]?.socket ?? '';
  const ask = (...args: readonly string[]) => docker(socket, args);
  const rows = async (...args: readonly string[]) =>
    (await ask(...args)).split('\n').map((line) => line.split(' '));
  return {
    ask,
    containers: async () => {
      const listed = await rows('ps', '--all', '--format', '{{.Names}} {{.Image}} {{.State}}');
      const images = await rows('images', '--format', '{{.ID}} {{.Tag}}');
      // What was made from an id is listed by its id.
      const tags = new Map(images.map(([id = '', tag = '']) => [id, tag]));
      const tagOf = (image: string): string =>
        tags.get(image) ?? image.slice(image.lastIndexOf(':') + 1);
      return Object.fromEntries(
        listed.map(([name = '', image = '', state = '']) => [name, `${tagOf(image)} ${state}`]),
      );
    },
  };
}
