import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkpointOf } from '../../../../main/engine/checkpoint.js';
import { Journal } from '../../../../main/engine/journal.js';
import { openJournal } from '../../../../main/engine/open-journal.js';
import type { RunEvent, RunRecord } from '../../../../shared/run/events.js';
import { foldRecords } from '../../../../shared/run/fold.js';
import { chained, session } from '../../../fakes/chained.js';
import { readyToExecute } from '../../../fakes/sample-run.js';

const user = { session, appVersion: '1.2.3' };
const note: RunEvent = { type: 'note.added', text: 'seen by somebody', by: 'operator' };
const lines = chained([...readyToExecute(), note, note]);
const state = foldRecords(lines.map((line) => JSON.parse(line) as RunRecord));

let folder = '';
let file = '';

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lastgood-checkpoint-'));
  file = path.join(folder, 'journal.jsonl');
  await mkdir(folder, { recursive: true });
  await writeFile(file, `${lines.join('\n')}\n`);
  const { journal, opened } = await Journal.open(file, user);
  await journal.checkpoint(opened.state, user.appVersion);
  await journal.close();
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function changeCheckpoint(change: (text: string) => string): Promise<void> {
  const checkpoint = checkpointOf(file);
  await writeFile(checkpoint, change(await readFile(checkpoint, 'utf8')));
}

test('gives the same state as reading every line, and the same without it', async () => {
  const fast = await openJournal(file, user.appVersion);
  expect(fast.checkBehind).not.toBeNull();
  expect(fast.state).toEqual(state);
  expect(await fast.checkBehind?.()).toBeNull();
  await rm(checkpointOf(file));
  const strict = await openJournal(file, user.appVersion);
  expect(strict.checkBehind).toBeNull();
  expect(strict.state).toEqual(state);
  expect(strict.place).toEqual(fast.place);
});

test('is followed by the lines that were added after it', async () => {
  const { journal } = await Journal.open(file, user);
  const seq = lines.length;
  const at = '2026-11-23T11:00:00.000Z';
  await journal.append([
    { v: 1, runId: state.started!.runId, seq, at, monotonicMs: 1, session, event: note },
  ]);
  const { head } = journal;
  await journal.close();
  const opened = await openJournal(file, user.appVersion);
  expect(opened.checkBehind).not.toBeNull();
  expect(opened.place).toMatchObject({ count: seq + 1, head });
  expect(opened.state.notes).toHaveLength(3);
});

test('of another version is passed over', async () => {
  const opened = await openJournal(file, '2.0.0');
  expect(opened).toMatchObject({ problem: null, checkBehind: null });
  expect(opened.state).toEqual(state);
});

test.each(['', '{', '{"v":1}', 'null'])('that does not read (%j) is passed over', async (text) => {
  await changeCheckpoint(() => text);
  const opened = await openJournal(file, user.appVersion);
  expect(opened).toMatchObject({ problem: null, checkBehind: null });
});

test('shows that the last line was written anew, which the chain cannot', async () => {
  const text = await readFile(file, 'utf8');
  const last = text.lastIndexOf('seen');
  await writeFile(file, `${text.slice(0, last)}said${text.slice(last + 4)}`);
  const { problem } = await openJournal(file, user.appVersion);
  expect(problem).toMatchObject({ code: 'JOURNAL_BROKEN', line: lines.length });
  expect(problem?.message).toContain('its end was cut or rewritten');
  await expect(Journal.open(file, user)).rejects.toMatchObject({ code: 'JOURNAL_BROKEN' });
});

test('shows that whole lines were cut off the end', async () => {
  await writeFile(file, `${lines.slice(0, -1).join('\n')}\n`);
  const { problem } = await openJournal(file, user.appVersion);
  expect(problem?.message).toContain('its end was cut or rewritten');
});

test('does not hide a chain that breaks further up', async () => {
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('half of all', 'some of all'));
  const { problem, state: readable } = await openJournal(file, user.appVersion);
  expect(problem).toMatchObject({ code: 'JOURNAL_BROKEN', line: 4 });
  expect(readable.lastSeq).toBe(2);
});

test('that says something else than the journal is found out behind', async () => {
  await changeCheckpoint((text) => text.replace('seen by somebody', 'seen by nobody'));
  const opened = await openJournal(file, user.appVersion);
  expect(opened.problem).toBeNull();
  expect(await opened.checkBehind?.()).toMatchObject({
    code: 'JOURNAL_BROKEN',
    message: expect.stringContaining('says something else') as string,
  });
});

test('is not written for a state that is not that of the journal', async () => {
  await rm(checkpointOf(file));
  const { journal } = await Journal.open(file, user);
  await journal.checkpoint({ ...state, lastSeq: 1 }, user.appVersion);
  await journal.close();
  expect((await openJournal(file, user.appVersion)).checkBehind).toBeNull();
});
