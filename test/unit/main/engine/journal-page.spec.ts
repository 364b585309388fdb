import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PAGE_BYTES, readPage } from '../../../../main/engine/journal-page.js';
import type { RunEvent, RunRecord } from '../../../../shared/run/events.js';
import { chained } from '../../../fakes/chained.js';
import { readyToExecute } from '../../../fakes/sample-run.js';

const notes = Array.from({ length: 5_000 }, (_, index): RunEvent => {
  return { type: 'note.added', text: `seen at ${String(index)}`, by: 'operator' };
});
const lines = chained([...readyToExecute(), ...notes]);

let folder = '';
let file = '';

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lastgood-page-'));
  file = path.join(folder, 'journal.jsonl');
  await writeFile(file, `${lines.join('\n')}\n`);
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('gives every record once, in whole lines, from the end to the start', async () => {
  const found: RunRecord[] = [];
  let pages = 0;
  for (let before: number | null = null; before !== 0; pages += 1) {
    const { records, from, problem } = await readPage(file, before);
    expect(problem).toBeNull();
    found.unshift(...records);
    before = from;
  }
  expect(found).toEqual(lines.map((line) => JSON.parse(line) as RunRecord));
  expect(pages).toBeGreaterThan(2);
});

test('gives a line that is longer than a page', async () => {
  const evidence = 'x'.repeat(2 * PAGE_BYTES);
  const long: RunEvent = { type: 'checklist.ticked', itemId: 'plan', by: 'console', evidence };
  await writeFile(file, `${chained([...readyToExecute(), long]).join('\n')}\n`);
  const { records, problem } = await readPage(file, null);
  expect(records.at(-1)?.event).toEqual(long);
  expect(problem).toBeNull();
});

test('leaves out a last line that is still being written', async () => {
  await writeFile(file, `${lines.slice(0, 3).join('\n')}\n{"v":1,"se`);
  const { records, problem } = await readPage(file, null);
  expect(records).toHaveLength(3);
  expect(problem).toBeNull();
});

test('says where a link of the chain is broken', async () => {
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('seen at 4999', 'seen at 5000'));
  expect((await readPage(file, null)).problem).toBeNull();
  await writeFile(file, text.replace('seen at 4998', 'seen at 5000'));
  expect((await readPage(file, null)).problem).toMatchObject({ code: 'JOURNAL_BROKEN' });
});
