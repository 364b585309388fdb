import type { LogEntry } from '../../../shared/ipc/views.js';
import { plainText } from './plain-text.js';

/** Lines by index, wherever they are kept. `version` rises with every change. */
export type LineSource = {
  readonly total: number;
  readonly version: number;
  /** Undefined while the line is being fetched. */
  readonly lineAt: (index: number) => LogEntry | undefined;
  readonly want: (from: number, count: number) => void;
};

/** Lines searched at most, counted from the end. */
export const SEARCHED_LINES = 50_000;

/** Indexes of the lines at hand that hold `query`, in order; case does not count. */
export function matchesIn(source: LineSource, query: string): readonly number[] {
  const wanted = query.trim().toLowerCase();
  const found: number[] = [];
  if (wanted === '') {
    return found;
  }
  for (let index = Math.max(0, source.total - SEARCHED_LINES); index < source.total; index += 1) {
    const line = source.lineAt(index);
    if (line !== undefined && plainText(line.text).toLowerCase().includes(wanted)) {
      found.push(index);
    }
  }
  return found;
}

/** The lines of one step only, from those at hand. */
export function linesOfStep(source: LineSource, stepId: string): LineSource {
  const indexes: number[] = [];
  for (let index = Math.max(0, source.total - SEARCHED_LINES); index < source.total; index += 1) {
    if (source.lineAt(index)?.stepId === stepId) {
      indexes.push(index);
    }
  }
  return {
    total: indexes.length,
    version: source.version,
    lineAt: (row) => source.lineAt(indexes[row] ?? -1),
    want: (from, count) => {
      const first = indexes[from];
      if (first !== undefined) {
        source.want(first, (indexes[from + count - 1] ?? first) - first + 1);
      }
    },
  };
}
