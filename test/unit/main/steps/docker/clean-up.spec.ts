import { describe, expect, test } from 'vitest';
import type { ContainerDetails } from '../../../../../main/connections/ports.js';
import { refusalOfImage, refusalOfKept } from '../../../../../main/steps/docker/clean-up.js';
import { keptByRun, refusalOfCleanUp } from '../../../../../main/steps/docker/kept-by-run.js';
import type { RunEvent } from '../../../../../shared/run/events.js';
import { foldEvents, planned, readyToExecute } from '../../../../fakes/sample-run.js';

const kept = { engine: 'docker', id: 'old', keptAs: 'web-before', service: 'web', since: '' };
const of = (change: Partial<ContainerDetails>) => change as ContainerDetails;
const old = of({ id: 'old', name: 'web-before', running: false, status: 'exited' });
const serving = of({ id: 'new', name: 'web', running: true, status: 'running' });
const seen = { found: old, named: old, serving };

describe('a kept container', () => {
  test('may go while it is the one on record, is down, and another serves', () => {
    expect(refusalOfKept(kept, seen)).toBeNull();
  });

  test.each([
    ['is gone', { ...seen, found: null, named: null }, 'gone already'],
    ['was replaced under its name', { ...seen, found: null, named: of({ id: 'x' }) }, 'another'],
    ['is known by the beginning of an id only', { ...seen, found: of({ ...old, id: 'o' }) }, 'not'],
    ['runs', { ...seen, found: of({ ...old, running: true, status: 'running' }) }, 'is running'],
    ['is paused', { ...seen, found: of({ ...old, running: true, status: 'paused' }) }, 'paused'],
    ['was renamed', { ...seen, found: of({ ...old, name: 'web' }) }, 'is called web now'],
    ['is the only one', { ...seen, serving: null }, 'only way back'],
    [
      'has nobody serve beside it',
      { ...seen, serving: of({ ...serving, running: false }) },
      'only',
    ],
    ['serves itself', { ...seen, serving: of({ ...serving, id: 'old' }) }, 'only way back'],
  ])('stays where it %s', (_what, found, words) => {
    expect(refusalOfKept(kept, found)).toContain(words);
  });
});

test('an image stays that a container uses, or that another service names', () => {
  expect(refusalOfImage({ tags: ['web:v1'] }, 'web', [])).toBeNull();
  expect(refusalOfImage({ tags: ['web:v1'] }, 'web', ['web-2'])).toBe('In use by web-2.');
  expect(refusalOfImage({ tags: ['web:v1', 'shop:v9'] }, 'web', [])).toContain('shop:v9');
});

describe('what a run has kept', () => {
  const step = planned('swap', {
    kind: 'docker.swap-names',
    params: { engine: 'docker', container: 'web', keepAs: 'web-before' },
  });
  const begun: RunEvent[] = [
    ...readyToExecute([step]),
    { type: 'step.started', stepId: step.id, attempt: 1, before: { oldId: 'old', newId: 'new' } },
    { type: 'step.succeeded', stepId: step.id, summary: '', wasAlready: false },
  ];
  const end: RunEvent = { type: 'run.closed', outcome: 'rolled-back', reason: '', by: 'Ada' };

  test('is read from its journal, and is its way back until it is closed', () => {
    expect(keptByRun(foldEvents(begun))).toMatchObject([{ id: 'old', keptAs: 'web-before' }]);
    expect(refusalOfCleanUp(foldEvents(begun))).toContain('not closed');
    expect(refusalOfCleanUp(foldEvents([...begun, end]))).toBeNull();
  });

  test('is nothing where the swap was taken back, and nothing is offered where an outcome is not known', () => {
    const { id: stepId } = step;
    const undone: RunEvent[] = [
      { type: 'undo.started', stepId },
      { type: 'undo.succeeded', stepId, summary: '' },
    ];
    expect(keptByRun(foldEvents([...begun, ...undone, end]))).toEqual([]);
    const unknown: RunEvent[] = [
      ...begun.slice(0, -1),
      { type: 'step.unknown', stepId, reason: 'the line broke' },
    ];
    expect(refusalOfCleanUp(foldEvents([...unknown, end]))).toContain('never known');
  });
});
