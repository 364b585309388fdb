import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import type { DockerPort, LogLine } from '../../connections/ports.js';
import { LogPosition } from './log-position.js';
import type { ServiceLog } from '../log-source.js';
import { shellCommand } from '../shell-quote.js';
import { containerNamed } from './containers.js';

/** The newest time, and how many lines carry it, because the engine's `since` includes it. */
export const DockerMark = z.strictObject({
  id: z.string().min(1),
  since: z.string().nullable(),
  seenAtSince: z.int().nonnegative(),
});
type DockerMark = z.infer<typeof DockerMark>;

const mostLines = Number.MAX_SAFE_INTEGER;
const retryMs = 500;

export function dockerLog(place: {
  readonly engine: string;
  readonly container: string;
}): ServiceLog {
  const { engine, container } = place;
  return {
    title: container,
    followCommand: shellCommand('docker', 'logs', '--follow', '--tail', '10', container),

    async mark({ connections, signal }) {
      const port = connections.docker(engine);
      const { id } = await containerNamed(port, container, signal);
      const lines = await port.readLog(id, { tail: 100 }, signal);
      const since = lines.reduce<string | null>(
        (newest, { at }) => (newest === null || at > newest ? at : newest),
        null,
      );
      return { id, since, seenAtSince: lines.filter(({ at }) => at === since).length };
    },

    async followNew(raw, onLine, { connections, delay }, signal) {
      const mark = DockerMark.parse(raw);
      const position = new LogPosition();
      for (;;) {
        const isNew = onlyNew(mark);
        const isUnseen = position.begin();
        const tell = (line: LogLine): void => {
          if (isNew(line) && isUnseen(line)) {
            onLine(line);
          }
        };
        try {
          const options = { ...sinceOptions(later(mark, position)), onLine: tell };
          await connections.docker(engine).followLog(mark.id, options, signal);
          if (isOver(signal) || !(await runsSince(mark, connections.docker(engine), signal))) {
            return;
          }
          await delay(retryMs);
        } catch (thrown) {
          // The line to the engine, or the engine itself, may come back; the container has gone on.
          if (isOver(signal) || !isAway(thrown)) {
            throw thrown;
          }
          await delay(retryMs).catch(() => undefined);
          if (isOver(signal)) {
            throw thrown;
          }
        }
      }
    },
  };
}

/** An engine that was restarted ends a log that goes on. */
async function runsSince(
  { id, since }: DockerMark,
  port: DockerPort,
  signal: AbortSignal,
): Promise<boolean> {
  const container = await port.container(id, signal);
  return container?.running === true && since !== null && (container.startedAt ?? '9999') <= since;
}

const isOver = (signal: AbortSignal): boolean => signal.aborted;

/** Never from before the mark, whatever else was seen since. */
function later(mark: DockerMark, { since }: LogPosition): DockerMark {
  return since !== null && (mark.since === null || since > mark.since) ? { ...mark, since } : mark;
}

function isAway(thrown: unknown): boolean {
  return thrown instanceof AppError && thrown.code === 'DOCKER_UNREACHABLE';
}

function sinceOptions({ since }: DockerMark): { readonly tail: number; readonly since?: string } {
  return since === null ? { tail: mostLines } : { tail: mostLines, since };
}

/** Passes over the lines that were there before, by count where they share the newest time. */
function onlyNew({ since, seenAtSince }: DockerMark): (line: LogLine) => boolean {
  let left = seenAtSince;
  return ({ at }) => {
    if (since === null || at > since) {
      return true;
    }
    if (at === since && left > 0) {
      left -= 1;
      return false;
    }
    return at === since;
  };
}
