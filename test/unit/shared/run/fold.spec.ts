import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RunEvent, RunRecord } from '../../../../shared/run/events.js';
import { Fold, foldRecords } from '../../../../shared/run/fold.js';
import { emptyRun, reduce } from '../../../../shared/run/reduce.js';
import { chained } from '../../../fakes/chained.js';
import { readyToExecute, steps } from '../../../fakes/sample-run.js';

const stepId = steps[1]!.id;
const sample = {
  atSeconds: 1,
  serving: 'serving',
  status: 200,
  milliseconds: 1,
  cpuPercent: null,
  memoryBytes: null,
  restarts: null,
  newErrorLines: 0,
} as const;

const events: readonly RunEvent[] = [
  { type: 'watch.started', seconds: 60, intervalSeconds: 6 },
  { type: 'watch.sampled', sample },
  { type: 'watch.ended', verdict: 'pass', reasons: [], endedBy: null },
  { type: 'health.changed', to: 'down', detail: 'no answer', sinceMonotonicMs: 5 },
  { type: 'note.added', text: 'seen', by: 'operator' },
  { type: 'run.resumed', operator: 'operator', appVersion: '0.0.0' },
  { type: 'step.started', stepId, attempt: 1, before: null },
  { type: 'step.succeeded', stepId, summary: 'done', wasAlready: false },
  { type: 'clock.jumped', wallSeconds: 100, monotonicSeconds: 1 },
];

function recordsOf(later: readonly RunEvent[]): RunRecord[] {
  return chained([...readyToExecute(), ...later]).map((line) => JSON.parse(line) as RunRecord);
}

test('gives the state that reducing record by record gives, wherever it is cut in two', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...events), { maxLength: 60 }), fc.nat(), (later, at) => {
      const records = recordsOf(later);
      const one = records.reduce(reduce, emptyRun);
      expect(foldRecords(records)).toEqual(one);
      const cut = at % records.length;
      const half = foldRecords(records.slice(0, cut));
      expect(foldRecords(records.slice(cut), half)).toEqual(one);
    }),
  );
});

test('does not change a state that it has given out', () => {
  const records = recordsOf([events[0]!, events[1]!, events[3]!, events[4]!]);
  const fold = new Fold();
  records.slice(0, -1).forEach((record) => {
    fold.add(record);
  });
  const state = fold.finish();
  const kept = structuredClone(state);
  fold.add(records.at(-1)!);
  expect(state).toEqual(kept);
  expect(fold.finish().notes).toHaveLength(1);
});
