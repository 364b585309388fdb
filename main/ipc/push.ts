import { CHANNEL_PREFIX } from '../../shared/ipc/channel-prefix.js';
import type { EventName, Payload } from '../../shared/ipc/contract.js';

export type Push = <N extends EventName>(name: N, payload: Payload<N>) => void;

export type PushTarget = {
  isDestroyed(): boolean;
  isCrashed(): boolean;
  send(channel: string, payload: unknown): void;
};

export type PushDeps = {
  readonly target: () => PushTarget | null;
  readonly logError: (channel: EventName, thrown: unknown) => void;
  /** Calls back once, this many milliseconds later. */
  readonly later: (callback: () => void, delayMs: number) => void;
};

type Lines = Payload<'logs.appended'>;

/** One message for each line costs twelve times as much of the main thread as batches of this size. */
export const MAX_BATCH_LINES = 500;
export const MAX_BATCH_DELAY_MS = 16;

/**
 * Sends events to the page in the order they came. Log lines wait for company, never longer than
 * `MAX_BATCH_DELAY_MS` and never past another event. A page that is gone misses events; it reads
 * the run anew when it comes back, so nothing is kept for it here.
 */
export function createPush(deps: PushDeps): Push {
  let waiting: Lines[] = [];
  let waitingLines = 0;
  let isScheduled = false;

  function send<N extends EventName>(name: N, payload: Payload<N>): void {
    const target = deps.target();
    if (target === null || target.isDestroyed() || target.isCrashed()) {
      return;
    }
    try {
      target.send(CHANNEL_PREFIX + name, payload);
    } catch (thrown) {
      deps.logError(name, thrown);
    }
  }

  function flush(): void {
    const batches = waiting;
    waiting = [];
    waitingLines = 0;
    for (const batch of batches.flatMap(split)) {
      send('logs.appended', batch);
    }
  }

  function enqueue(lines: Lines): void {
    const last = waiting.at(-1);
    if (last !== undefined && continues(last, lines)) {
      for (const entry of lines.entries) {
        last.entries.push(entry);
      }
    } else {
      // A copy, because it grows.
      waiting.push({ ...lines, entries: [...lines.entries] });
    }
    waitingLines += lines.entries.length;
    if (waitingLines >= MAX_BATCH_LINES) {
      flush();
    } else if (!isScheduled) {
      isScheduled = true;
      deps.later(() => {
        isScheduled = false;
        flush();
      }, MAX_BATCH_DELAY_MS);
    }
  }

  return (name, payload) => {
    if (isLines(name, payload)) {
      enqueue(payload);
    } else {
      flush();
      send(name, payload);
    }
  };
}

function isLines(name: EventName, payload: Payload<EventName>): payload is Lines {
  return name === 'logs.appended' && 'entries' in payload;
}

function continues(last: Lines, next: Lines): boolean {
  return (
    last.runId === next.runId &&
    last.source === next.source &&
    last.from + last.entries.length === next.from
  );
}

function split(lines: Lines): Lines[] {
  const parts: Lines[] = [];
  for (let start = 0; start < lines.entries.length; start += MAX_BATCH_LINES) {
    const entries = lines.entries.slice(start, start + MAX_BATCH_LINES);
    parts.push({ ...lines, from: lines.from + start, entries });
  }
  return parts;
}
