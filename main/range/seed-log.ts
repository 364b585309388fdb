import { fromMilliseconds } from './clock.js';
import type { StoredLine } from './log-store.js';
import type { ServiceManner } from './service-manner.js';

const LINES = 240;
const EVERY_MS = 2_500;

/** The last ten minutes of a service that has been failing: a drill has a log to look into from the start. */
export function pastLines(manner: ServiceManner, nowMs: number): StoredLine[] {
  const { ordinaryLines, errorLine } = manner;
  return Array.from({ length: LINES }, (_, index) => {
    const at = fromMilliseconds(nowMs - (LINES - index) * EVERY_MS);
    const ordinary = ordinaryLines[index % Math.max(1, ordinaryLines.length)];
    return index % 3 === 1 || ordinary === undefined
      ? { at, stream: 'stderr', text: errorLine }
      : { at, stream: 'stdout', text: ordinary };
  });
}
