import { AppError } from '../../shared/errors/app-error.js';
import type { RunId, RunRecord } from '../../shared/run/events.js';
import { foldRecords } from '../../shared/run/fold.js';
import { JournalReader, readJournal } from '../engine/journal-format.js';
import type { JournalContents } from '../engine/journal-format.js';

/** A run that was brought to its end elsewhere: its journal as it lies there. */
export type ClosedRun = {
  readonly runId: RunId;
  /** The exact bytes. */
  readonly journal: Buffer;
  readonly records: readonly RunRecord[];
  readonly head: string;
};

/** Whether these bytes are a journal and no hand-over file; a damaged one of ours counts as one. */
export function isJournal(bytes: Buffer): boolean {
  const reader = new JournalReader(bytes);
  const first = reader.next();
  return first !== null || (reader.problem !== null && reader.problem.code !== 'JOURNAL_FOREIGN');
}

/** HANDOVER_TOO_NEW or HANDOVER_BROKEN where it does not hold together; HANDOVER_STILL_OPEN where the run goes on. */
export function parseClosedRun(bytes: Buffer): ClosedRun {
  const contents = readJournal(bytes);
  const { records, head, problem, tornBytes } = contents;
  if (problem !== null) {
    const isNewer = problem.code === 'JOURNAL_TOO_NEW';
    throw new AppError(isNewer ? 'HANDOVER_TOO_NEW' : 'HANDOVER_BROKEN', problem.message);
  }
  const [first] = records;
  if (first === undefined || tornBytes > 0) {
    throw new AppError('HANDOVER_BROKEN', 'The journal ends in the middle of a record.');
  }
  if (!isClosed(contents)) {
    throw new AppError('HANDOVER_STILL_OPEN', 'It is the journal of a run that is not closed.');
  }
  return { runId: first.runId, journal: bytes, records, head };
}

/**
 * Passes only where the run was handed over here and the file is what became of it. HANDOVER_ALREADY_TAKEN where it
 * is here to its end already, HANDOVER_NOT_FROM_HERE or HANDOVER_DIVERGED where it is not the same run's way on.
 */
export function mustGoOnFromOurs(closed: ClosedRun, ours: Buffer | null): void {
  if (ours === null) {
    throw new AppError('HANDOVER_NOT_FROM_HERE', `Nothing of run ${closed.runId} lies here.`);
  }
  const contents = readJournal(ours);
  const isHere = closed.journal.equals(ours.subarray(0, closed.journal.length));
  if (isHere) {
    throw new AppError('HANDOVER_ALREADY_TAKEN', 'The closed run lies here to its last record.');
  }
  const isPrefix = ours
    .subarray(0, contents.size)
    .equals(closed.journal.subarray(0, contents.size));
  const next = closed.records[contents.records.length];
  if (!isPrefix || !(isTakingOf(contents, next) || isClosed(contents))) {
    throw new AppError(
      'HANDOVER_DIVERGED',
      `The run lies here with ${String(contents.records.length)} records and the file does not go on from there.`,
    );
  }
}

/** What was written down about it later, where it was closed. */
function isClosed({ records }: JournalContents): boolean {
  return foldRecords(records).closed !== null;
}

/** What comes after ours must be the very hand-over that ours ends with, taken up. */
function isTakingOf({ records }: JournalContents, next: RunRecord | undefined): boolean {
  const given = records.at(-1)?.event;
  const taken = next?.event;
  return (
    given?.type === 'run.handed-over' &&
    taken?.type === 'run.taken-over' &&
    taken.handoverId === given.handoverId
  );
}
