import { AppError } from '../../shared/errors/app-error.js';
import type { RunEvent, RunId, RunRecord } from '../../shared/run/events.js';
import {
  HANDOVER_MAX_BYTES,
  HandoverFile,
  HandoverHeader,
} from '../../shared/run/handover-file.js';
import { emptyRun, reduce } from '../../shared/run/reduce.js';
import type { RunState } from '../../shared/run/state.js';
import { readJournal } from '../engine/journal-format.js';
import type { JournalContents } from '../engine/journal-format.js';

/** A run as a hand-over file holds it: read strictly, nothing in it taken on trust. */
export type HandedOverRun = {
  readonly runId: RunId;
  readonly handoverId: string;
  /** The journal's exact bytes. */
  readonly journal: Buffer;
  readonly records: readonly RunRecord[];
  readonly head: string;
  readonly state: RunState;
};

/** The file's text for a journal whose last record is a hand-over. */
export function formatHandover(journal: Buffer): string {
  const contents = readJournal(journal);
  const file: HandoverFile = {
    ...headerOf(contents),
    journal: journal.toString('utf8', 0, contents.size),
  };
  return `${JSON.stringify(file, null, 1)}\n`;
}

/** HANDOVER_FOREIGN, HANDOVER_TOO_NEW, HANDOVER_TOO_BIG or HANDOVER_BROKEN; each says what it met. */
export function parseHandover(bytes: Buffer): HandedOverRun {
  if (bytes.length > HANDOVER_MAX_BYTES) {
    throw new AppError('HANDOVER_TOO_BIG', 'The file is bigger than any hand-over may be.');
  }
  const { journal: text, ...said } = parseFile(parseText(bytes));
  const journal = Buffer.from(text, 'utf8');
  const contents = readJournal(journal);
  if (contents.problem !== null) {
    const { code, message } = contents.problem;
    throw code === 'JOURNAL_TOO_NEW'
      ? new AppError('HANDOVER_TOO_NEW', message)
      : new AppError('HANDOVER_BROKEN', `Its journal does not hold together: ${message}`);
  }
  if (contents.tornBytes > 0) {
    throw new AppError('HANDOVER_BROKEN', 'Its journal ends in the middle of a record.');
  }
  const found = headerOf(contents);
  // Both were made by `headerOf`, in the same order.
  const strays = Object.entries(found).filter(([key, value]) => Reflect.get(said, key) !== value);
  if (strays.length > 0) {
    const names = strays.map(([key]) => key).join(', ');
    throw new AppError('HANDOVER_BROKEN', `What it says of its journal is not so: ${names}.`);
  }
  const { records, head } = contents;
  const { runId, handoverId } = found;
  return { runId, handoverId, journal, records, head, state: records.reduce(reduce, emptyRun) };
}

function parseText(bytes: Buffer): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('HANDOVER_FOREIGN', 'It is not JSON, so it is no hand-over.', { cause });
  }
}

function parseFile(value: unknown): HandoverFile {
  const header = HandoverHeader.safeParse(value);
  if (!header.success) {
    throw new AppError('HANDOVER_FOREIGN', 'It does not say of itself that it is a hand-over.');
  }
  if (header.data.v > 1) {
    const version = String(header.data.v);
    throw new AppError('HANDOVER_TOO_NEW', `It is of version ${version}, this console reads 1.`);
  }
  const file = HandoverFile.safeParse(value);
  if (!file.success) {
    const fields = new Set(file.error.issues.map(({ path }) => path.map(String).join('.')));
    const names = [...fields].filter(Boolean).join(', ') || 'unknown fields';
    throw new AppError('HANDOVER_BROKEN', `Its fields do not fit: ${names}.`);
  }
  return file.data;
}

/** Everything but the journal, taken from the journal. */
function headerOf({ records, head }: JournalContents): Omit<HandoverFile, 'journal'> {
  const [first] = records;
  const last = records.at(-1);
  if (first?.event.type !== 'run.started' || last?.event.type !== 'run.handed-over') {
    throw new AppError('HANDOVER_BROKEN', 'Its journal does not end with a hand-over.');
  }
  const { runbook, environment } = first.event;
  const { handoverId, to, by } = last.event;
  return {
    format: 'lastgood-handover',
    v: 1,
    handoverId,
    runId: last.runId,
    service: runbook.service.name,
    environment: environment.name,
    to,
    by,
    at: last.at,
    headHash: head,
    records: records.length,
  };
}

/** Where the run in a file stands towards the one that lies here. */
export type Standing =
  /** Nothing of it is here. */
  | 'new'
  /** Ours ends with this very hand-over: it comes back to the console that gave it away. */
  | 'back'
  /** Ours is the beginning of it: it was given away here, and comes back from where it went on. */
  | 'further';

/** HANDOVER_ALREADY_TAKEN names when and by whom; HANDOVER_DIVERGED where the two part. */
export function compareWithOurs(file: HandedOverRun, ours: Buffer | null): Standing {
  if (ours === null) {
    return 'new';
  }
  const { records, size, head } = readJournal(ours);
  const taken = records.find(({ event }) => isTaking(event, file.handoverId));
  if (taken?.event.type === 'run.taken-over') {
    const how = taken.event.isTakenBack ? 'taken back' : 'taken over';
    throw new AppError(
      'HANDOVER_ALREADY_TAKEN',
      `It was ${how} here by ${taken.event.operator} at ${taken.at}.`,
    );
  }
  if (head === file.head) {
    return 'back';
  }
  const isPrefix = ours.subarray(0, size).equals(file.journal.subarray(0, size));
  const wasGivenAway = records.at(-1)?.event.type === 'run.handed-over';
  if (isPrefix && wasGivenAway) {
    return 'further';
  }
  throw new AppError(
    'HANDOVER_DIVERGED',
    `The run lies here with ${String(records.length)} records, the file has ${String(file.records.length)}; ` +
      `they agree on the first ${String(inCommon(ours, file.journal))}.`,
  );
}

function inCommon(ours: Buffer, theirs: Buffer): number {
  const lines = theirs.toString('utf8').split('\n');
  const own = ours.toString('utf8').split('\n').slice(0, -1);
  const parted = own.findIndex((line, index) => line !== lines[index]);
  return parted === -1 ? own.length : parted;
}

function isTaking(event: RunEvent, handoverId: string): boolean {
  return event.type === 'run.taken-over' && event.handoverId === handoverId;
}
