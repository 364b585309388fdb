import type { SwarmLogLine } from '../../connections/ports.js';

type Mark = { last: string; atLast: number };

/**
 * Where each task's log was read to. The engine's `since` is inclusive, so lines at that very nanosecond are passed over
 * by count; and it is one for all tasks, so what lies before a task's own mark is passed over too.
 */
export class TaskCursors {
  readonly #marks = new Map<string, Mark>();

  constructor(marks: Readonly<Record<string, Readonly<Mark>>> = {}) {
    for (const [task, mark] of Object.entries(marks)) {
      this.#marks.set(task, { ...mark });
    }
  }

  /** For keeping. */
  get marks(): Record<string, Mark> {
    return Object.fromEntries([...this.#marks].map(([task, mark]) => [task, { ...mark }]));
  }

  /** From where the engine must be asked to tell; null for everything. */
  get since(): string | null {
    const times = [...this.#marks.values()].map(({ last }) => last);
    return times.length === 0 ? null : times.reduce((least, time) => (time < least ? time : least));
  }

  take({ taskId, at }: SwarmLogLine): void {
    const mark = this.#marks.get(taskId);
    this.#marks.set(taskId, { last: at, atLast: mark?.last === at ? mark.atLast + 1 : 1 });
  }

  /** For one reading from `since` on: whether a line was not there before. Remembers each that it lets through. */
  reading(): (line: SwarmLogLine) => boolean {
    const before = new Map(Object.entries(this.marks));
    return (line) => {
      const mark = before.get(line.taskId);
      if (mark !== undefined && line.at < mark.last) {
        return false;
      }
      if (mark !== undefined && line.at === mark.last && mark.atLast > 0) {
        mark.atLast -= 1;
        return false;
      }
      this.take(line);
      return true;
    };
  }
}
