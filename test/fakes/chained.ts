import type { RunEvent, RunRecord } from '../../shared/run/events.js';
import { GENESIS, formatRecord, hashLine } from '../../main/engine/journal-format.js';
import { runId } from './sample-run.js';

export const session = '11111111-1111-4111-8111-111111111111';

/** The lines of a journal that holds these events, a second apart. */
export function chained(events: readonly RunEvent[], ofRun: RunRecord['runId'] = runId): string[] {
  let prev = GENESIS;
  return events.map((event, seq) => {
    const at = new Date(Date.UTC(2026, 10, 23, 10) + seq * 1_000).toISOString();
    const line = formatRecord({
      v: 1,
      runId: ofRun,
      seq,
      prev,
      at,
      monotonicMs: seq * 1_000,
      session,
      event,
    });
    prev = hashLine(line);
    return line;
  });
}
