import { z } from 'zod';
import { docker } from '../lab/docker-engine.mjs';

const Images = z.object({ repository: z.string(), ids: z.record(z.string(), z.string()) });

export type RealEngine = {
  readonly socket: string;
  readonly repository: string;
  /** Ids by tag. */
  readonly images: Readonly<Record<string, string>>;
};

/** The engine that the lab started or somebody chose; missing is a failure, never a reason to pass by. */
export function realEngine(): RealEngine {
  const { LASTGOOD_TEST_DOCKER: socket, LASTGOOD_TEST_IMAGES: images } = process.env;
  if (socket === undefined) {
    throw new Error(
      'LASTGOOD_TEST_DOCKER names no engine: run `npm test`, or `node test/lab/lab.mjs up` first.',
    );
  }
  const { repository, ids } =
    images === undefined
      ? { repository: 'lab-service', ids: {} }
      : Images.parse(JSON.parse(images));
  return { socket, repository, images: ids };
}

/** The engine's own command line: what it says does not come from our adapter. */
export async function dockerCommand(...args: readonly string[]): Promise<string> {
  return docker(realEngine().socket, args);
}

/**
 * For NODE_OPTIONS: the service of the lab begins to listen so much later. Asked to end before, it does: process 1 of a container
 * that has not said what it does then would be waited for until its time is over.
 */
export function listensAfter(milliseconds: number): string {
  const script = `const end=()=>process.exit(0);process.on('SIGTERM',end);await new Promise(done=>setTimeout(done,${String(milliseconds)}));process.off('SIGTERM',end)`;
  return `--import=data:text/javascript,${encodeURIComponent(script)}`;
}
