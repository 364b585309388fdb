import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readJournal } from '../../../../main/engine/journal-format.js';
import { emptyRun, reduce } from '../../../../shared/run/reduce.js';
import { figures } from '../../../../shared/metrics/figures.js';

/** Journals as released versions wrote them. They are never edited: what reads them must go on reading them. */
const folder = path.join(import.meta.dirname, '../../../fixtures/histories');
const histories = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));

test('there are histories to read', () => {
  expect(histories.length).toBeGreaterThan(0);
});

test.each(histories)('%s still replays to the end it had', (name) => {
  const { records, problem, tornBytes } = readJournal(readFileSync(path.join(folder, name)));
  expect({ problem, tornBytes }).toEqual({ problem: null, tornBytes: 0 });
  const state = records.reduce(reduce, emptyRun);
  const [outcome] = name.split('.');
  expect(state.closed?.outcome).toBe(outcome);
  const last = state.lastAt;
  expect(last).not.toBeNull();
  if (last !== null) {
    expect(figures(state, last).isFinal).toBe(true);
  }
});
