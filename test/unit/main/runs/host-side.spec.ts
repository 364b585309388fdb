import { expect, test } from 'vitest';
import { createConnectionPool } from '../../../../main/connections/connection-pool.js';
import { HostSide } from '../../../../main/runs/host-side.js';
import { AppError } from '../../../../shared/errors/app-error.js';
import type { RunState } from '../../../../shared/run/state.js';
import { fakeOpener } from '../../../fakes/fake-opener.js';
import { foldEvents, readyToExecute, runId, started } from '../../../fakes/sample-run.js';
import { hostText, soundRunbook } from '../runbooks/runbook-files.js';

const runbook = soundRunbook(hostText);
const environment = runbook.environments[0]!;
const begun = { ...started(), runbook, environment, procedureId: 'releases' } as ReturnType<
  typeof started
>;
const executing = foldEvents([begun, ...readyToExecute().slice(1)]);
const deciding = foldEvents([begun]);
const other = {
  operator: 'Grace',
  console: 'another-laptop',
  runId: '99999999-0000-4000-8000-000000000000',
  since: '2026-11-25T09:00:00.000Z',
  epoch: 0,
  headHash: '',
};
const lock = `${runbook.service.name}-web`;

function side(first: RunState, keptForUndo: readonly string[] = []) {
  let state = first;
  const opener = fakeOpener();
  const said: string[] = [];
  let changes = 0;
  const hosts = new HostSide({
    started: state.started!,
    pool: createConnectionPool(environment, opener),
    state: () => state,
    head: () => 'f'.repeat(64),
    now: () => '2026-11-25T10:00:00.000Z',
    say: (text) => {
      said.push(text);
      return Promise.resolve();
    },
    onLights: () => {
      changes += 1;
    },
    delay: () => Promise.resolve(),
    closeUp: () => Promise.resolve(keptForUndo),
    signal: new AbortController().signal,
  });
  const become = (next: RunState): void => {
    state = next;
  };
  return { opener, said, hosts, become, changes: () => changes };
}

const approve = { type: 'approve', unit: 'find', typed: null, authority: null } as const;

test('the environment is locked on its host before the first change, once, and that is said', async () => {
  const { opener, said, hosts } = side(executing);

  await hosts.before(approve);
  await hosts.before(approve);

  expect(opener.locks.get(lock)).toMatchObject({ runId, operator: 'operator', epoch: 0 });
  expect(said).toEqual([expect.stringContaining('on web-1 for this run') as string]);
});

test('what changes nothing, and what the run refuses, locks nothing', async () => {
  const { opener, hosts } = side(executing);
  await hosts.before({ type: 'note', text: 'a word' });
  await side(deciding).hosts.before(approve);

  expect(opener.locks.size).toBe(0);
});

test('another console that works there is named, and nothing goes on before its lock is broken with a reason', async () => {
  const { opener, said, hosts, changes } = side(executing);
  opener.locks.set(lock, other);

  await expect(hosts.before(approve)).rejects.toMatchObject({ code: 'HOST_LOCKED' });
  const [light] = hosts.withLocks([{ name: 'web-1', state: 'ok', text: '' }]);
  expect(light?.lockedBy).toContain('Grace on another-laptop');
  expect(changes()).toBeGreaterThan(0);

  await hosts.breakLock('web-1', 'her laptop died');
  await hosts.before(approve);

  expect(said[0]).toContain('Broke the lock of Grace on another-laptop');
  expect(said[0]).toContain('her laptop died');
  expect(hosts.withLocks([{ name: 'web-1', state: 'ok', text: '' }])[0]?.lockedBy).toBeUndefined();
  expect(opener.locks.get(lock)?.runId).toBe(runId);
});

test('what is true of a step can be said while its host is away; nothing can be approved meanwhile', async () => {
  const [step, ...rest] = executing.steps;
  const unknown = { ...executing, steps: [{ ...step!, status: 'unknown' as const }, ...rest] };
  const { opener, hosts, become } = side(executing);
  opener.failure = new AppError('HOST_UNREACHABLE', 'The host web-1 did not answer.');

  await expect(hosts.before(approve)).rejects.toMatchObject({ code: 'HOST_UNREACHABLE' });
  become(unknown);
  await expect(
    hosts.before({ type: 'settle', stepId: step!.plan.id, as: 'by-hand', evidence: 'seen' }),
  ).resolves.toBeUndefined();
});

test('at the end what the jobs left is taken away by name and the lock is let go of', async () => {
  const { opener, said, hosts, become } = side(executing);
  await hosts.before(approve);
  become({ ...executing, phase: 'rolled-forward' });

  await hosts.before({ type: 'close', reason: '' });

  expect(opener.cleaned).toEqual([runId]);
  expect(opener.locks.size).toBe(0);
  expect(said.slice(1)).toEqual([
    `Cleaned up on web-1: /home/deploy/.cache/lastgood/${runId}`,
    'Let go of the lock on web-1.',
  ]);
});

test('at the end what was kept for taking back alone goes, and that is said by name', async () => {
  const { said, hosts, become } = side(executing, [
    'Build beside: /opt/app.lastgood-7f3a is removed',
  ]);
  await hosts.before(approve);
  become({ ...executing, phase: 'rolled-forward' });

  await hosts.before({ type: 'close', reason: '' });

  expect(said[1]).toBe('Build beside: /opt/app.lastgood-7f3a is removed');
});

test('before each unit the lock says anew how far the run is; within one it is not asked about', async () => {
  const { opener, hosts, become } = side(executing);
  const { signal } = new AbortController();
  await hosts.before(approve);
  become({ ...executing, epoch: 1 });

  await hosts.beforeChange('cutover', signal);
  expect(opener.locks.get(lock)).toMatchObject({ runId, epoch: 1 });

  become({ ...executing, epoch: 2 });
  await hosts.beforeChange('cutover', signal);
  expect(opener.locks.get(lock)).toMatchObject({ epoch: 1 });
});

test('a lock that somebody broke or took is noticed before the next change, and nothing goes on', async () => {
  const { opener, hosts } = side(executing);
  const { signal } = new AbortController();
  await hosts.before(approve);

  opener.locks.delete(lock);
  await expect(hosts.beforeChange('cutover', signal)).rejects.toMatchObject({
    code: 'HOST_LOCK_LOST',
  });
  opener.locks.set(lock, other);
  await expect(hosts.before(approve)).rejects.toMatchObject({ code: 'HOST_LOCKED' });
  const [light] = hosts.withLocks([{ name: 'web-1', state: 'ok', text: '' }]);
  expect(light?.lockedBy).toContain('Grace on another-laptop');
});
