import type { LogEntry } from '../../shared/ipc/views.js';
import { AppError } from '../../shared/errors/app-error.js';
import type { DockerPort, LogLine, ReadLogOptions } from '../connections/ports.js';
import { LogPosition } from '../steps/docker/log-position.js';

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
const EVERYTHING = Number.MAX_SAFE_INTEGER;

/**
 * Follows the log of whichever container has the service's name, over stops, restarts, replacements and lines to the engine
 * that break. What was seen of each container is kept, so that one that comes back goes on where it was.
 */
export async function followServiceLog(deps: ServiceLogDeps, signal: AbortSignal): Promise<void> {
  const places: Places = { known: new Map(), current: null };
  while (!signal.aborted) {
    // A line to the engine that is down is the lights' to say; the next turn tries again.
    await followOnce(deps, places, signal).catch(() => undefined);
    await deps.delay(RETRY_MS, signal).catch(() => undefined);
  }
}

type Place = { readonly id: string; readonly position: LogPosition; readonly tail: number };
type Places = { readonly known: Map<string, Place>; current: Place | null };

async function followOnce(
  deps: ServiceLogDeps,
  places: Places,
  signal: AbortSignal,
): Promise<void> {
  const container = await deps.docker.container(deps.container, signal);
  if (container === null) {
    return;
  }
  const before = places.current;
  if (before?.id !== container.id) {
    if (before !== null) {
      await readRest(deps, before, signal);
    }
    deps.onEntries([mark(deps, before === null, container.imageReference)]);
  }
  // What came before the run is only shown in part; a container that came into it is shown from its first line.
  const tail = before === null ? FIRST_TAIL : EVERYTHING;
  const place = places.known.get(container.id) ?? {
    id: container.id,
    position: new LogPosition(),
    tail,
  };
  places.known.set(place.id, place);
  places.current = place;
  const onLine = teller(deps, place.position);
  await deps.docker.followLog(
    place.id,
    { ...optionsOf(place.position, place.tail), onLine },
    signal,
  );
}

/** The last words of a container that was replaced while nobody could listen. One that is gone has none. */
async function readRest(
  deps: ServiceLogDeps,
  { id, position, tail }: Place,
  signal: AbortSignal,
): Promise<void> {
  try {
    const tell = teller(deps, position);
    (await deps.docker.readLog(id, optionsOf(position, tail), signal)).forEach(tell);
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'DOCKER_CONTAINER_MISSING') {
      throw thrown;
    }
  }
}

function teller(deps: ServiceLogDeps, position: LogPosition): (line: LogLine) => void {
  const isNew = position.begin();
  return (line) => {
    if (isNew(line)) {
      deps.onEntries([entryOf(line, deps.isErrorLine)]);
    }
  };
}

function optionsOf(position: LogPosition, tail: number): ReadLogOptions {
  const { since } = position;
  return since === null ? { tail } : { tail: EVERYTHING, since };
}

function entryOf({ at, stream, text }: LogLine, isErrorLine: (text: string) => boolean): LogEntry {
  return { at, stepId: null, stream, text, isError: isErrorLine(text) };
}

function mark(deps: ServiceLogDeps, isFirst: boolean, image: string): LogEntry {
  const text = isFirst ? `log of ${deps.container} (${image})` : `now ${deps.container} (${image})`;
  return { at: deps.now(), stepId: null, stream: 'mark', text, isError: false };
}
