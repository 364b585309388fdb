import { readFile } from 'node:fs/promises';
import type { RunId, RunKind, RunRecord } from '../../shared/run/events.js';
import { GENESIS, JournalReader } from './journal-format.js';
import type { JournalProblem } from './journal-format.js';

/** How the hash that somebody kept stands to the journal. */
export type HeadFinding =
  /** Nobody gave one. */
  | { readonly type: 'not-given' }
  | { readonly type: 'is-head' }
  /** It was the head once; what was added later follows from it. */
  | { readonly type: 'added-since'; readonly line: number; readonly added: number }
  /** No line has it: the end was cut off or written anew after the hash was kept. */
  | { readonly type: 'missing' };

export type Verification = {
  readonly isGood: boolean;
  readonly runId: RunId | null;
  readonly kind: RunKind | null;
  readonly service: string | null;
  readonly environment: string | null;
  readonly records: number;
  readonly firstAt: string | null;
  readonly lastAt: string | null;
  /** SHA-256 of the last line that holds; null when there is none. */
  readonly head: string | null;
  readonly headGiven: HeadFinding;
  readonly problem: JournalProblem | null;
  /** Bytes of a last line that was never written to its end. The console cuts it off when the run is continued. */
  readonly tornBytes: number;
};

/** Checks a journal line by line, wherever it lies. Needs nothing but the file and changes nothing. */
export async function verifyJournal(file: string, givenHead: string | null): Promise<Verification> {
  return verifyBytes(await readFile(file), givenHead);
}

export function verifyBytes(bytes: Buffer, givenHead: string | null): Verification {
  const reader = new JournalReader(bytes);
  const first = reader.next();
  let last = first;
  let foundAt: number | null = null;
  for (let record = first; record !== null; record = reader.next()) {
    last = record;
    foundAt = reader.head === givenHead ? reader.place.count : foundAt;
  }
  const { count, head } = reader.place;
  const problem = reader.problem ?? (count === 0 ? nothingIn(bytes) : null);
  const headGiven = findingOf(givenHead, foundAt, count);
  return {
    isGood: problem === null && headGiven.type !== 'missing',
    ...runOf(first),
    records: count,
    firstAt: first?.at ?? null,
    lastAt: last?.at ?? null,
    head: head === GENESIS ? null : head,
    headGiven,
    problem,
    tornBytes: count === 0 ? 0 : reader.tornBytes,
  };
}

function runOf(
  first: RunRecord | null,
): Pick<Verification, 'runId' | 'kind' | 'service' | 'environment'> {
  if (first?.event.type !== 'run.started') {
    return { runId: null, kind: null, service: null, environment: null };
  }
  const { kind, runbook, environment } = first.event;
  return { runId: first.runId, kind, service: runbook.service.name, environment: environment.name };
}

function findingOf(given: string | null, foundAt: number | null, count: number): HeadFinding {
  if (given === null) {
    return { type: 'not-given' };
  }
  if (foundAt === null) {
    return { type: 'missing' };
  }
  return foundAt === count
    ? { type: 'is-head' }
    : { type: 'added-since', line: foundAt, added: count - foundAt };
}

function nothingIn(bytes: Buffer): JournalProblem {
  const message =
    bytes.length === 0
      ? 'The file is empty.'
      : 'It is no journal of Lastgood: it does not hold a single whole line.';
  return { code: 'JOURNAL_FOREIGN', message, retryable: false, line: 1 };
}
