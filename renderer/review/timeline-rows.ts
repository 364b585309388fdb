import { describeRecord, isRoutine, namesOf, toneOf } from '../../shared/run/describe-record.js';
import type { RecordTone } from '../../shared/run/describe-record.js';
import type { RunEvent, RunRecord } from '../../shared/run/events.js';
import type { RunState } from '../../shared/run/state.js';

export type TimelineRow = {
  readonly seq: number;
  readonly at: string;
  readonly text: string;
  readonly tone: RecordTone;
  /** Set where nobody looked in between: the console was away or the machine slept. */
  readonly isAfterGap: boolean;
};

const afterGap: ReadonlySet<RunEvent['type']> = new Set([
  'run.resumed',
  'run.taken-over',
  'clock.jumped',
]);

/** The journal as sentences; routine records are left out unless everything is asked for. */
export function timelineRows(
  records: readonly RunRecord[],
  run: RunState,
  isWhole: boolean,
): readonly TimelineRow[] {
  const names = namesOf(run);
  return records
    .filter(({ event }) => isWhole || !isRoutine(event))
    .map((record) => ({
      seq: record.seq,
      at: record.at,
      text: describeRecord(record.event, names),
      tone: toneOf(record.event),
      isAfterGap: afterGap.has(record.event.type),
    }));
}
