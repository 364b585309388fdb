import { expect, test } from 'vitest';
import { markdownReport } from '../../../../main/reports/markdown.js';
import { reportData } from '../../../../main/reports/report-data.js';
import { messageFacts } from '../../../../shared/messages/facts.js';
import type { RunEvent } from '../../../../shared/run/events.js';
import { COUNTED_NOW, lossBeforeIt, newestLoss } from '../../../../shared/run/predicted-loss.js';
import {
  foldEvents,
  healthy,
  planned,
  readyToExecute,
  recordsOf,
} from '../../../fakes/sample-run.js';

const restore = planned('restore', { kind: 'postgres.restore', risk: 'destroy' });
const decided = 'public.markets: 12 rows now, 10 in the backup (2 fewer after it).';
const counted = 'public.markets: 15 rows now, 10 in the backup (5 fewer after it).';
const at = '2026-01-01T00:09:00Z';

/** A restore that began after its loss was counted with these words. */
function begun(loss: readonly string[]): readonly RunEvent[] {
  const checkedAt = '2026-01-01T00:00:00Z';
  const item = { id: 'loss', title: 'Predicted loss', text: decided, checkedAt };
  return [
    ...readyToExecute([restore]),
    { type: 'target.chosen', target: healthy, from: null, preview: [{ ...item, state: 'amber' }] },
    {
      type: 'unit.approved',
      unit: restore.unit,
      stepIds: [restore.id],
      by: 'operator',
      typed: null,
      authority: null,
    },
    {
      type: 'step.started',
      stepId: restore.id,
      attempt: 1,
      before: { marks: [], loss: [...loss] },
    },
  ];
}

const now = {
  at: '2026-11-23T12:01:00.000Z',
  monotonicMs: 60_000,
  session: '22222222-2222-4222-8222-222222222222',
};
const dataLossIn = (events: readonly RunEvent[]): string | null =>
  messageFacts(foldEvents(events), now).dataLoss;
const reportOf = (events: readonly RunEvent[]): string =>
  markdownReport(reportData({ records: recordsOf(events), headHash: 'f'.repeat(64), now })!);

test('messages tell the loss that was counted right before it, not that of the decision', () => {
  const told = dataLossIn(begun([`${COUNTED_NOW} (${at}):`, counted]));

  expect(told).toContain(counted);
  expect(told).toContain(`counted right before it (${at})`);
  expect(told).not.toContain(decided);
  expect(told).not.toContain('just now');
});

test('the report tells both, the newest first', () => {
  const report = reportOf(begun([`${COUNTED_NOW} (${at}):`, counted]));

  const places = ['counted right before it', counted, 'predicted at the decision', decided];
  const found = places.map((text) => report.indexOf(text));
  expect(found).not.toContain(-1);
  expect(found).toEqual(found.toSorted((left, right) => left - right));
});

test('where it could not be counted again, the figures of the decision are the newest, and why is told beside them', () => {
  const events = begun(['The loss could not be counted: the line is down.']);

  expect(newestLoss(foldEvents(events))).toContain(decided);
  expect(dataLossIn(events)).toContain(decided);
  expect(reportOf(events)).toContain('The loss could not be counted: the line is down.');
});

test('before anything has begun, only the decision has figures', () => {
  const events = begun([]).slice(0, -1);

  expect(lossBeforeIt(foldEvents(events))).toBeNull();
  expect(newestLoss(foldEvents(events))).toContain(decided);
});
