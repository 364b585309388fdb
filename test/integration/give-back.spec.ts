import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunId } from '../../shared/run/events.js';
import { builtInText, soundRunbook } from '../unit/main/runbooks/runbook-files.js';
import { begin, openTwoLaptops } from './laptop.js';
import type { Laptop, TwoLaptops } from './laptop.js';

const runbook = soundRunbook(builtInText);
let folder = '';
let laptops: TwoLaptops;
let mine: Laptop;
let theirs: Laptop;

beforeEach(async () => {
  laptops = await openTwoLaptops(runbook);
  ({ folder, mine, theirs } = laptops);
});

afterEach(() => laptops.close());

async function handOver(runId: RunId): Promise<string> {
  const file = path.join(folder, 'Noor.handover.json');
  await mine.handover.handOver(runId, 'Noor', file);
  return file;
}

test('comes home closed after it was brought to its end elsewhere', async () => {
  const runId = await begin(mine, runbook);
  await theirs.handover.takeOver(await handOver(runId));
  const back = path.join(folder, 'closed.journal.jsonl');
  await expect(theirs.handover.giveBack(runId, back)).rejects.toThrow('Hand it over instead');
  await theirs.runs.command(runId, { type: 'close', reason: 'a false alarm' });
  await theirs.handover.giveBack(runId, back);
  expect((await stat(back)).mode & 0o777).toBe(0o600);

  const home = { runId, isTakenBack: false, isClosed: true };
  expect(await mine.handover.takeOver(back)).toEqual(home);
  expect(await readFile(mine.paths.run(runId).journal)).toEqual(
    await readFile(theirs.paths.run(runId).journal),
  );
  const [summary] = await mine.runs.list();
  expect(summary).toMatchObject({ runId, outcome: 'abandoned', isAttached: false });
  await begin(mine, runbook);
  await expect(mine.handover.takeOver(back)).rejects.toMatchObject({
    code: 'HANDOVER_ALREADY_TAKEN',
  });
});

test('does not come home closed where it went on here meanwhile', async () => {
  const runId = await begin(mine, runbook);
  await theirs.handover.takeOver(await handOver(runId));
  await theirs.runs.command(runId, { type: 'close', reason: 'a false alarm' });
  const back = path.join(folder, 'closed.journal.jsonl');
  await theirs.handover.giveBack(runId, back);
  await mine.handover.takeBack(runId);
  const before = (await mine.files.read(runId)).records;
  await expect(mine.handover.takeOver(back)).rejects.toMatchObject({ code: 'HANDOVER_DIVERGED' });
  expect((await mine.files.read(runId)).records.slice(0, before.length)).toEqual(before);
});
