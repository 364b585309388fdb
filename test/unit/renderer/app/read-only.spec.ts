import { expect, test } from 'vitest';
import { leaveActions, readOnlyReason } from '../../../../renderer/app/read-only.js';
import type { OpenRun } from '../../../../renderer/stores/run-view.js';
import { emptyRun } from '../../../../shared/run/reduce.js';
import { runId } from '../../../fakes/sample-run.js';

const view: OpenRun = {
  status: 'open',
  runId,
  run: emptyRun,
  records: [],
  older: 0,
  isAttached: false,
  owner: null,
  problem: null,
  halted: null,
  lights: [],
  probe: null,
  clock: { wallOffsetMs: 0, monotonicOffsetMs: 0, session: '' },
};
const owner = {
  pid: 4711,
  hostname: 'laptop-7',
  user: 'deploy',
  since: '2026-11-23T12:00:00.000Z',
  isElsewhere: false,
};

test('gives no reason for a run that was only left', () => {
  expect(readOnlyReason(view)).toBeNull();
});

test('says at which line a journal breaks, and why', () => {
  const problem = { line: 42, code: 'JOURNAL_CHAIN_BROKEN', message: 'The chain does not hold' };
  const reason = readOnlyReason({ ...view, problem });
  expect(reason?.title).toContain('line 42');
  expect(reason?.text).toContain('The chain does not hold. (JOURNAL_CHAIN_BROKEN)');
});

test('says which process drives it, and whether it can be seen from here', () => {
  expect(readOnlyReason({ ...view, owner })?.text).toContain('process 4711 of deploy on laptop-7');
  expect(readOnlyReason({ ...view, owner })?.text).not.toContain('cannot see');
  const far = readOnlyReason({ ...view, owner: { ...owner, isElsewhere: true } });
  expect(far?.text).toContain('cannot see that process');
});

test('offers nothing but to leave', async () => {
  let left = 0;
  const { primary, others } = leaveActions(() => {
    left += 1;
  });
  for (const action of [primary, ...others]) {
    await action?.run();
  }
  expect(left).toBe(others.length + 1);
});
