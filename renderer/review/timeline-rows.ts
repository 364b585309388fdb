import { describeRecord, isRoutine, namesOf, toneOf } from '../../shared/run/describe-record.js';
import type { RecordTone } from '../../shared/run/describe-record.js';
import type { RunRecord } from '../../shared/run/events.js';
import type { RunState } from '../../shared/run/state.js';

export type TimelineRow = {
  readonly seq: number;
  readonly at: string;
  readonly text: string;
  readonly tone: RecordTone;
  /** Set where the console was away in between: a new session began. */
  readonly isAfterGap: boolean;
};

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
      isAfterGap: record.event.type === 'run.resumed',
    }));
}
