import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { Fold } from '../../shared/run/fold.js';
import { packState } from '../../shared/run/pack-state.js';
import type { RunState } from '../../shared/run/state.js';
import { checkpointOf, hashOfPrefix, readCheckpoint } from './checkpoint.js';
import type { Checkpoint } from './checkpoint.js';
import { JournalReader } from './journal-format.js';
import type { JournalPlace, JournalProblem } from './journal-format.js';

export type OpenedJournal = {
  /** Folded from everything before the problem. */
  readonly state: RunState;
  readonly place: JournalPlace;
  readonly tornBytes: number;
  readonly problem: JournalProblem | null;
  /** Of the bytes up to `place`. */
  readonly hash: Hash;
  /** Goes through the lines that a checkpoint stood in for; null where every line was read already. */
  readonly checkBehind: (() => Promise<JournalProblem | null>) | null;
};

/** Reads a journal as fast as its checkpoint allows; strictly where no version is named. Changes nothing. */
export async function openJournal(file: string, appVersion: string | null): Promise<OpenedJournal> {
  const bytes = await readFile(file);
  const checkpoint = await readCheckpoint(file);
  const hash = checkpoint === null ? null : hashOfPrefix(bytes, checkpoint);
  if (checkpoint !== null && hash !== null && checkpoint.appVersion === appVersion) {
    const checkBehind = (): Promise<JournalProblem | null> => checkPrefix(file, bytes, checkpoint);
    return { ...readOn(bytes, hash, checkpoint), checkBehind };
  }
  const opened = { ...readOn(bytes, createHash('sha256'), null), checkBehind: null };
  return checkpoint === null || hash !== null ? opened : withoutItsEnd(file, opened, checkpoint);
}

function readOn(
  bytes: Buffer,
  hash: Hash,
  checkpoint: Checkpoint | null,
): Omit<OpenedJournal, 'checkBehind'> {
  const from = checkpoint === null ? undefined : placeOf(checkpoint);
  const reader = new JournalReader(bytes, from);
  const fold = new Fold(checkpoint?.state);
  for (let record = reader.next(); record !== null; record = reader.next()) {
    fold.add(record);
  }
  const { place, tornBytes, problem } = reader;
  hash.update(bytes.subarray(from?.size ?? 0, place.size));
  return { state: fold.finish(), place, tornBytes, problem, hash };
}

/** The chain cannot show that its last lines are missing or were written anew; what was noted beside it can. */
function withoutItsEnd(
  file: string,
  opened: OpenedJournal,
  { count, writtenAt }: Checkpoint,
): OpenedJournal {
  const problem: JournalProblem = {
    code: 'JOURNAL_BROKEN',
    message:
      `The journal is not the one that was put down on ${writtenAt} with ${String(count)} records: ` +
      `its end was cut or rewritten. If it was put back on purpose, delete ${checkpointOf(file)}.`,
    retryable: false,
    line: opened.place.count,
  };
  return { ...opened, problem: opened.problem ?? problem };
}

function placeOf({ bytes, head, count, state }: Checkpoint): JournalPlace {
  return { size: bytes, head, count, runId: state.started?.runId ?? null };
}

/** Long enough to get on, short enough that a click is not kept waiting. */
const SLICE_MS = 8;

/** Every line and every link, in slices: the console goes on driving the run meanwhile. */
async function checkPrefix(
  file: string,
  bytes: Buffer,
  checkpoint: Checkpoint,
): Promise<JournalProblem | null> {
  const reader = new JournalReader(bytes.subarray(0, checkpoint.bytes));
  const fold = new Fold();
  let until = performance.now() + SLICE_MS;
  for (let record = reader.next(); record !== null; record = reader.next()) {
    fold.add(record);
    if (performance.now() > until) {
      await turn();
      until = performance.now() + SLICE_MS;
    }
  }
  if (reader.problem !== null) {
    return reader.problem;
  }
  const isSame =
    reader.head === checkpoint.head &&
    isDeepStrictEqual(packState(fold.finish()), packState(checkpoint.state));
  return isSame
    ? null
    : {
        code: 'JOURNAL_BROKEN',
        message: `${checkpointOf(file)} says something else than the journal. Delete it, then continue the run.`,
        retryable: false,
        line: reader.place.count,
      };
}
