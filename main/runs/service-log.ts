import type { LogEntry } from '../../shared/ipc/views.js';
import type { DockerPort, LogLine } from '../connections/ports.js';

export type ServiceLogDeps = {
  readonly docker: DockerPort;
  readonly container: string;
  readonly isErrorLine: (text: string) => boolean;
  readonly onEntries: (entries: readonly LogEntry[]) => void;
  readonly delay: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly now: () => string;
};

const RETRY_MS = 500;
const FIRST_TAIL = 50;

/**
 * Follows the log of whichever container has the service's name, over stops, restarts and replacements. The engine's
 * `since` is inclusive, so lines already seen at that very nanosecond are passed over by count.
 */
export async function followServiceLog(deps: ServiceLogDeps, signal: AbortSignal): Promise<void> {
  const place: { seen: Seen | null } = { seen: null };
  while (!signal.aborted) {
    // A line to the engine that is down is the lights' to say; the next turn tries again.
    await followOnce(deps, place, signal).catch(() => undefined);
    await deps.delay(RETRY_MS, signal).catch(() => undefined);
  }
}

type Seen = { readonly id: string; last: string; atLast: number };

async function followOnce(
  deps: ServiceLogDeps,
  place: { seen: Seen | null },
  signal: AbortSignal,
): Promise<void> {
  const container = await deps.docker.container(deps.container, signal);
  if (container === null) {
    return;
  }
  if (place.seen?.id !== container.id) {
    deps.onEntries([mark(deps, place.seen === null, container.imageReference)]);
    place.seen = { id: container.id, last: '', atLast: 0 };
  }
  await follow(deps, place.seen, signal);
}

async function follow(deps: ServiceLogDeps, seen: Seen, signal: AbortSignal): Promise<void> {
  let toSkip = seen.atLast;
  const since = seen.last === '' ? {} : { since: seen.last };
  const tail = seen.last === '' ? FIRST_TAIL : Number.MAX_SAFE_INTEGER;
  const onLine = (line: LogLine): void => {
    if (line.at === seen.last && toSkip > 0) {
      toSkip -= 1;
      return;
    }
    seen.atLast = line.at === seen.last ? seen.atLast + 1 : 1;
    seen.last = line.at;
    deps.onEntries([entryOf(line, deps.isErrorLine)]);
  };
  await deps.docker.followLog(seen.id, { tail, ...since, onLine }, signal);
}

function entryOf({ at, stream, text }: LogLine, isErrorLine: (text: string) => boolean): LogEntry {
  return { at, stepId: null, stream, text, isError: isErrorLine(text) };
}

function mark(deps: ServiceLogDeps, isFirst: boolean, image: string): LogEntry {
  const text = isFirst ? `log of ${deps.container} (${image})` : `now ${deps.container} (${image})`;
  return { at: deps.now(), stepId: null, stream: 'mark', text, isError: false };
}
