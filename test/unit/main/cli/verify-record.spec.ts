import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseCommandLine } from '../../../../main/cli/arguments.js';
import { verifyRecord } from '../../../../main/cli/verify-record.js';
import { hashLine } from '../../../../main/engine/journal-format.js';
import { chained } from '../../../fakes/chained.js';
import { readyToExecute, runId } from '../../../fakes/sample-run.js';

let folder = '';
let file = '';
const lines = chained(readyToExecute());
const whole = `${lines.join('\n')}\n`;
const head = hashLine(lines.at(-1) ?? '');

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lastgood-verify-'));
  file = path.join(folder, 'copy of a journal');
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function verify(text: string, given: string | null = null) {
  await writeFile(file, text);
  return verifyRecord({ file, head: given, isJson: false });
}

test('says what a whole journal holds', async () => {
  const { text, exitCode } = await verify(whole);
  expect(exitCode).toBe(0);
  expect(text).toContain(runId);
  expect(text).toContain(`records  ${String(lines.length)}`);
  expect(text).toContain(`head     ${head}`);
  expect(text).toContain('The journal holds together.');
});

test('says the same to a program', async () => {
  await writeFile(file, whole);
  const { text } = await verifyRecord({ file, head, isJson: true });
  expect(JSON.parse(text)).toMatchObject({
    isGood: true,
    runId,
    records: lines.length,
    head,
    headGiven: { type: 'is-head' },
    problem: null,
    tornBytes: 0,
  });
});

test('names the line where the chain breaks and why', async () => {
  const { text, exitCode } = await verify(whole.replace('half of all requests', 'a tenth of them'));
  expect(exitCode).toBe(1);
  expect(text).toContain(
    'It breaks at line 4: line 4 does not follow from the line before it: one of the two was changed.',
  );
});

test('says a torn last line without calling the journal broken', async () => {
  const { text, exitCode } = await verify(whole.slice(0, -5));
  expect(exitCode).toBe(0);
  expect(text).toContain('was not written to its end');
});

test('tells a newer version from a broken journal', async () => {
  const { text, exitCode } = await verify(whole.replace('"v":1', '"v":2'));
  expect(exitCode).toBe(1);
  expect(text).toContain('line 1 is of version 2, this console reads 1.');
});

test.each([
  ['', 'The file is empty.'],
  ['no line at all', 'it does not hold a single whole line'],
  ['127.0.0.1 - GET /\n', 'line 1 is not JSON'],
  ['{"name":"something"}\n', 'line 1 is not the start of a run'],
])('refuses a file that is no journal: %j', async (content, reason) => {
  const { text, exitCode } = await verify(content);
  expect(exitCode).toBe(1);
  expect(text).toContain(reason);
});

test('notices an end that was cut off after its head was noted', async () => {
  const { text, exitCode } = await verify(`${lines.slice(0, -1).join('\n')}\n`, head);
  expect(exitCode).toBe(1);
  expect(text).toContain('No line has the head given: the end was cut off or written anew.');
});

test('takes the head of an earlier line for what it is: the journal went on', async () => {
  const { text, exitCode } = await verify(whole, hashLine(lines[1] ?? ''));
  expect(exitCode).toBe(0);
  expect(text).toContain('The head given is that of line 2; 2 more were added since.');
});

test('says why a file cannot be read', async () => {
  const missing = await verifyRecord({ file, head: null, isJson: false });
  expect(missing).toEqual({
    text: `${file} cannot be read: there is no such file.\n`,
    exitCode: 2,
  });
  expect((await verifyRecord({ file: folder, head: null, isJson: false })).exitCode).toBe(2);
});

test('understands its command line, and nothing that looks like it', () => {
  expect(parseCommandLine(['record', 'verify', 'a.jsonl', '--head', head.toUpperCase()])).toEqual({
    type: 'record',
    record: { file: 'a.jsonl', head, isJson: false },
  });
  for (const args of [
    ['record'],
    ['record', 'verify'],
    ['record', 'show', 'a'],
    ['record', 'verify', 'a', 'b'],
    ['record', 'verify', 'a', '--head', 'abc'],
  ]) {
    expect(parseCommandLine(args).type).toBe('bad');
  }
  expect(parseCommandLine(['record', '--help'])).toMatchObject({ type: 'help' });
});
