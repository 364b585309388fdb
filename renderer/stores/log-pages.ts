import type { LogEntry } from '../../shared/ipc/views.js';

export const PAGE_LINES = 500;
/** Pages kept in the page's memory; the rest is read again when it is scrolled to. */
const KEPT_PAGES = 60;

export function pageOf(index: number): number {
  return Math.max(0, Math.floor(index / PAGE_LINES));
}

/** The lines of a log that are at hand, by page. Holes are pages that were not read or were let go. */
export class LogPages {
  readonly #pages = new Map<number, (LogEntry | undefined)[]>();

  lineAt(index: number): LogEntry | undefined {
    return this.#pages.get(pageOf(index))?.[index % PAGE_LINES];
  }

  put(from: number, entries: readonly LogEntry[]): void {
    entries.forEach((entry, offset) => {
      const index = from + offset;
      const page = this.#pages.get(pageOf(index)) ?? [];
      page[index % PAGE_LINES] = entry;
      this.#pages.set(pageOf(index), page);
    });
  }

  isComplete(page: number, total: number): boolean {
    const lines = this.#pages.get(page);
    const length = Math.min(PAGE_LINES, total - page * PAGE_LINES);
    for (let index = 0; index < length; index += 1) {
      if (lines?.[index] === undefined) {
        return false;
      }
    }
    return true;
  }

  /** Drops the pages farthest from the one being looked at, never the tail. */
  forgetFarFrom(near: number, total: number): void {
    const tail = pageOf(total - 1);
    const far = [...this.#pages.keys()]
      .filter((page) => page !== tail)
      .toSorted((a, b) => Math.abs(b - near) - Math.abs(a - near));
    for (const page of far.slice(0, Math.max(0, this.#pages.size - KEPT_PAGES))) {
      this.#pages.delete(page);
    }
  }
}
