import { verifyJournal } from '../engine/verify-journal.js';
import type { HeadFinding, Verification } from '../engine/verify-journal.js';
import type { RecordArguments } from './parse-record.js';

export type VerifiedRecord = { readonly text: string; readonly exitCode: 0 | 1 | 2 };

/** What `record verify` prints, and its exit code. A file that cannot be read is an argument that makes no sense. */
export async function verifyRecord({
  file,
  head,
  isJson,
}: RecordArguments): Promise<VerifiedRecord> {
  let found: Verification;
  try {
    found = await verifyJournal(file, head);
  } catch (thrown) {
    const reason = reasonOf(thrown);
    const text = isJson
      ? JSON.stringify({ file, isGood: false, unreadable: reason })
      : `${file} cannot be read: ${reason}.`;
    return { text: `${text}\n`, exitCode: 2 };
  }
  const text = isJson ? JSON.stringify({ file, ...found }) : inWords(found).join('\n');
  return { text: `${text}\n`, exitCode: found.isGood ? 0 : 1 };
}

function inWords(found: Verification): readonly string[] {
  const { runId, kind, service, environment, records, firstAt, lastAt, head } = found;
  return [
    ...(runId === null
      ? []
      : [`run      ${runId} (${String(kind)} of ${String(service)} on ${String(environment)})`]),
    `records  ${String(records)}`,
    ...(firstAt === null ? [] : [`from     ${firstAt}`, `to       ${String(lastAt)}`]),
    ...(head === null ? [] : [`head     ${head}`]),
    ...tornWords(found),
    ...problemWords(found),
    ...headWords(found.headGiven),
    found.isGood ? 'The journal holds together.' : 'The journal does not hold together.',
  ];
}

function tornWords({ tornBytes }: Verification): readonly string[] {
  return tornBytes === 0
    ? []
    : [
        `A last line of ${String(tornBytes)} bytes was not written to its end; it is cut off when the run is continued.`,
      ];
}

function problemWords({ problem }: Verification): readonly string[] {
  if (problem === null) {
    return [];
  }
  return problem.code === 'JOURNAL_FOREIGN'
    ? [problem.message]
    : [`It breaks at line ${String(problem.line)}: ${problem.message}`];
}

function headWords(finding: HeadFinding): readonly string[] {
  switch (finding.type) {
    case 'not-given':
      return [];
    case 'is-head':
      return ['The head is the one given.'];
    case 'added-since':
      return [
        `The head given is that of line ${String(finding.line)}; ${String(finding.added)} more were added since.`,
      ];
    case 'missing':
      return ['No line has the head given: the end was cut off or written anew.'];
  }
}

function reasonOf(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : null;
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EISDIR':
      return 'it is a folder';
    case 'EACCES':
      return 'it may not be read';
    default:
      return typeof code === 'string' ? code : 'an error';
  }
}
