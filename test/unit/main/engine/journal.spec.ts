import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Journal } from '../../../../main/engine/journal.js';
import type { JournalUser, UnchainedRecord } from '../../../../main/engine/journal.js';
import { GENESIS, hashLine, readJournal } from '../../../../main/engine/journal-format.js';
import type { RunEvent } from '../../../../shared/run/events.js';
import { RecordingDisk } from '../../../fakes/recording-disk.js';
import { readyToExecute, runId, started } from '../../../fakes/sample-run.js';

const user: JournalUser = {
  session: '11111111-1111-4111-8111-111111111111',
  appVersion: '0.0.0',
};

let folder = '';
let file = '';

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lastgood-journal-'));
  file = path.join(folder, 'run', 'journal.jsonl');
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function record(seq: number, event: RunEvent): UnchainedRecord {
  return {
    v: 1,
    runId,
    seq,
    at: '2026-11-23T10:00:00.000Z',
    monotonicMs: seq,
    session: '11111111-1111-4111-8111-111111111111',
    event,
  };
}

async function written(): Promise<Buffer> {
  const journal = await Journal.create(file, user);
  await journal.append(readyToExecute().map((event, seq) => record(seq, event)));
  await journal.close();
  return readFile(file);
}

const note = (text: string): RunEvent => ({ type: 'note.added', text, by: 'operator' });

test('chains each line to the one before it and reads back what was written', async () => {
  const bytes = await written();
  const lines = bytes.toString('utf8').trimEnd().split('\n');
  const contents = readJournal(bytes);
  expect(contents.problem).toBeNull();
  expect(contents.records.map(({ event }) => event)).toEqual(readyToExecute());
  expect(contents.records[0]?.prev).toBe(GENESIS);
  expect(contents.records[1]?.prev).toBe(hashLine(lines[0] ?? ''));
  expect(contents.head).toBe(hashLine(lines.at(-1) ?? ''));
});

test('is readable by its owner only', async () => {
  await written();
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('cuts off a last line torn at any byte and goes on from the line before it', async () => {
  const bytes = await written();
  const lastLine = bytes.lastIndexOf(0x0a, bytes.length - 2) + 1;
  for (let size = lastLine + 1; size < bytes.length; size += 1) {
    await writeFile(file, bytes.subarray(0, size));
    const { journal, opened } = await Journal.open(file, user);
    expect(opened.tornBytes).toBe(size - lastLine);
    await journal.append([record(opened.place.count, note('after the tear'))]);
    await journal.close();
    const again = readJournal(await readFile(file));
    expect(again.problem).toBeNull();
    expect(again.records.at(-1)?.event).toEqual(note('after the tear'));
  }
});

test('shows where a changed line breaks the chain and refuses to go on', async () => {
  const text = (await written()).toString('utf8');
  await writeFile(file, text.replace('half of all requests fail', 'a tenth of all requests f'));
  const contents = readJournal(await readFile(file));
  expect(contents.problem).toMatchObject({ code: 'JOURNAL_BROKEN', line: 4 });
  expect(contents.records).toHaveLength(3);
  await expect(Journal.open(file, user)).rejects.toMatchObject({ code: 'JOURNAL_BROKEN' });
});

test('finds any flipped bit in any line but the last', async () => {
  const bytes = await written();
  const lastLine = bytes.lastIndexOf(0x0a, bytes.length - 2) + 1;
  for (let index = 0; index < lastLine; index += 97) {
    const flipped = Buffer.from(bytes);
    flipped[index] = (flipped[index] ?? 0) ^ 1;
    const { problem, records } = readJournal(flipped);
    expect({
      index,
      isFound: problem !== null || records.length < readyToExecute().length,
    }).toEqual({
      index,
      isFound: true,
    });
  }
});

test('does not read a journal of a newer version', async () => {
  const text = (await written()).toString('utf8');
  expect(readJournal(Buffer.from(text.replace('"v":1', '"v":2'))).problem).toMatchObject({
    code: 'JOURNAL_TOO_NEW',
    line: 1,
  });
});

test('refuses to create over a journal that is there', async () => {
  await written();
  await expect(Journal.create(file, user)).rejects.toThrow();
});

test('resolves an append only after the sync', async () => {
  const disk = new RecordingDisk();
  const journal = new Journal(disk, { size: 0, head: GENESIS });
  let isDone = false;
  const append = journal.append([record(0, started())]).then(() => {
    isDone = true;
    return disk.calls.join(' ');
  });
  expect(isDone).toBe(false);
  expect(await append).toBe('write sync');
});

test('gives back the reserved room when the disk is full, and writes', async () => {
  const disk = new RecordingDisk();
  disk.hasReserve = true;
  disk.fullFor = 1;
  const journal = new Journal(disk, { size: 0, head: GENESIS });
  await journal.append([record(0, started())]);
  expect(readJournal(disk.bytes)).toMatchObject({ problem: null, tornBytes: 0 });
});

test('leaves nothing of a refused append behind and goes on when there is room again', async () => {
  const disk = new RecordingDisk();
  const journal = new Journal(disk, { size: 0, head: GENESIS });
  await journal.append([record(0, started())]);
  disk.fullFor = 1;
  await expect(journal.append([record(1, note('lost'))])).rejects.toMatchObject({
    code: 'JOURNAL_WRITE_FAILED',
    message: expect.stringContaining('the disk is full') as string,
  });
  await journal.append([record(1, note('kept'))]);
  const { records, problem } = readJournal(disk.bytes);
  expect(problem).toBeNull();
  expect(records.map(({ event }) => event)).toEqual([started(), note('kept')]);
});

test('says of a disk that has become read-only what it is, and gives no room back for it', async () => {
  const disk = new RecordingDisk();
  disk.hasReserve = true;
  disk.fullFor = 1;
  disk.refusal = 'EROFS';
  const journal = new Journal(disk, { size: 0, head: GENESIS });
  await expect(journal.append([record(0, started())])).rejects.toMatchObject({
    code: 'JOURNAL_WRITE_FAILED',
    message: 'The journal cannot be written: the disk is read-only.',
  });
  expect(disk.hasReserve).toBe(true);
  await journal.append([record(0, started())]);
  expect(readJournal(disk.bytes)).toMatchObject({ problem: null, tornBytes: 0 });
});
