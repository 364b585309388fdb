import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkpointOf } from '../../../../main/engine/checkpoint.js';
import { Journal } from '../../../../main/engine/journal.js';
import { readJournal } from '../../../../main/engine/journal-format.js';
import { openJournal } from '../../../../main/engine/open-journal.js';
import type { RunEvent } from '../../../../shared/run/events.js';
import { chained, session } from '../../../fakes/chained.js';
import { readyToExecute } from '../../../fakes/sample-run.js';

const user = { session, appVersion: '0.0.0' };
const note: RunEvent = { type: 'note.added', text: 'é: seen', by: 'operator' };
const lines = chained([...readyToExecute(), note, note]);
const whole = Buffer.from(`${lines.join('\n')}\n`);
const { records } = readJournal(whole);
/** Some bits of the runbook's first line and every bit of the lines after it. */
const anyBit = fc.integer({ min: 0, max: whole.length * 8 - 1 });

let folder = '';
let file = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lastgood-damage-'));
  file = path.join(folder, 'journal.jsonl');
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

function flipped(bit: number): Buffer {
  const bytes = Buffer.from(whole);
  const index = bit >> 3;
  bytes[index] = (bytes[index] ?? 0) ^ (1 << (bit & 7));
  return bytes;
}

test('never reads anything but what was written, whichever bit is flipped before the last line', () => {
  const beforeTheLast = whole.length - (lines.at(-1)?.length ?? 0) - 1;
  fc.assert(
    fc.property(anyBit, (bit) => {
      const read = readJournal(flipped(bit));
      const sound = read.records.length;
      if (bit >> 3 < beforeTheLast - 1) {
        expect(read.problem).not.toBeNull();
      }
      // The hash of a line stands in the next one, so only the last one read can be another than was written.
      expect(read.records.slice(0, -1)).toEqual(records.slice(0, Math.max(0, sound - 1)));
    }),
    { numRuns: 500 },
  );
});

test('refuses a run that was put down and then damaged in any one bit, and leaves the file alone', async () => {
  await writeFile(file, whole);
  const { journal, opened } = await Journal.open(file, user);
  await journal.checkpoint(opened.state, user.appVersion);
  await journal.close();
  await fc.assert(
    fc.asyncProperty(anyBit, async (bit) => {
      const damaged = flipped(bit);
      await writeFile(file, damaged);
      const { problem, state } = await openJournal(file, user.appVersion);
      expect(problem).not.toBeNull();
      expect(state.lastSeq).toBeLessThan(records.length);
      await expect(Journal.open(file, user)).rejects.toMatchObject({ code: problem?.code });
      expect(damaged.equals(await readFile(file))).toBe(true);
    }),
    { numRuns: 100 },
  );
  await rm(checkpointOf(file));
});
