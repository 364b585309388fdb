import { expect, test } from 'vitest';
import type { RunEvent } from '../../../../../shared/run/events.js';
import { lossToConfirm, predictedLoss } from '../../../../../shared/run/predicted-loss.js';
import { healthy, planned, foldEvents, readyToExecute } from '../../../../fakes/sample-run.js';
import { deskAfter } from '../../../../fakes/step-desk.js';

const restore = planned('restore', { kind: 'postgres.restore', risk: 'destroy' });
const text = 'public.markets: 12 rows now, 10 in the backup (2 fewer after it).';
const chosen = (state: 'amber' | 'red'): RunEvent => ({
  type: 'target.chosen',
  target: healthy,
  from: null,
  preview: [
    { id: 'loss', title: 'Predicted loss', state, text, checkedAt: '2026-01-01T00:00:00Z' },
  ],
});

test.each([
  'postgres.restore',
  'postgres.restore-tables',
  'postgres.swap',
  'postgres.migrate-down',
])('%s is never approved without a word about what it takes away', async (kind) => {
  const { actions, asked, sent } = deskAfter([chosen('amber')], [{ ...restore, kind }]);

  await actions.primary?.run();

  expect(sent).toEqual([]);
  expect(asked[0]?.text).toContain(text);
  expect(asked[0]?.text).toContain('2026-01-01T00:00:00Z');
});

test('a loss that nobody could see is asked about as such', async () => {
  const { actions, asked, sent } = deskAfter([chosen('red')], [restore]);

  await actions.primary?.run();

  expect(sent).toEqual([]);
  expect(asked[0]?.text).toContain('Nobody can say what this takes away.');
});

test('nothing is asked where no data is replaced', () => {
  const run = foldEvents([...readyToExecute([planned('start')]), chosen('amber')]);

  expect(lossToConfirm(run, run.steps)).toEqual([]);
  expect(predictedLoss(run)).toContain(text);
});
