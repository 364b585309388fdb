import type { LogLine } from '../../connections/ports.js';

/**
 * Two streams of one container are written down in an order that may differ a little from their times. Lines this much
 * older than the newest are asked for again, so that none is missed.
 */
const overlapMs = 2_000;

/**
 * Where somebody who follows a log has got to, so that they can go on after any break without loss or doubling. The
 * engine's `since` is inclusive, and several lines may carry the very same time: what was seen is counted, not guessed.
 */
export class LogPosition {
  /** Lines seen at each time from `since` on, in the order of the log. */
  readonly #seen = new Map<string, number>();
  #newest = '';
  /** What is older than the first line was left out on purpose. */
  #first = '';
  #mostKept = 50_000;

  /** RFC 3339 with nanoseconds, to ask from; null: from the beginning. */
  get since(): string | null {
    if (this.#newest === '') {
      return null;
    }
    const from = earlier(this.#newest);
    return from > this.#first ? from : this.#first;
  }

  /** For one connection: says of each line, in order, whether it is new, and takes note of it. */
  begin(): (line: LogLine) => boolean {
    const toSkip = new Map(this.#seen);
    return (line) => {
      const key = keyOf(line);
      const left = toSkip.get(key) ?? 0;
      if (left > 0) {
        toSkip.set(key, left - 1);
        return false;
      }
      this.#note(line, key);
      return true;
    };
  }

  #note({ at }: LogLine, key: string): void {
    this.#seen.set(key, (this.#seen.get(key) ?? 0) + 1);
    this.#first = this.#first === '' ? at : this.#first;
    if (at > this.#newest) {
      this.#newest = at;
    }
    if (this.#seen.size > this.#mostKept) {
      this.#forget();
      // A storm brings tens of thousands of lines within the overlap: they are not looked through for each line.
      this.#mostKept = Math.max(50_000, this.#seen.size * 2);
    }
  }

  #forget(): void {
    const from = earlier(this.#newest);
    for (const key of this.#seen.keys()) {
      if (key.slice(1) < from) {
        this.#seen.delete(key);
      }
    }
  }
}

function keyOf({ at, stream }: LogLine): string {
  return `${stream === 'stderr' ? 'e' : 'o'}${at}`;
}

/** Engines write nine digits and Z; whatever is written otherwise is asked for from that very time. */
function earlier(at: string): string {
  const parts = /^(.{19})\.(\d{9})Z$/.exec(at);
  const [, second = '', fraction = ''] = parts ?? [];
  const milliseconds = Date.parse(`${second}.${fraction.slice(0, 3)}Z`);
  return Number.isNaN(milliseconds)
    ? at
    : `${new Date(milliseconds - overlapMs).toISOString().slice(0, 23)}${fraction.slice(3)}Z`;
}
