import { describe, expect, test } from 'vitest';
import { chosenOf, CleanUp, incomplete, removeRecorded } from '../../../../main/runs/clean-up.js';
import type { DockerPort } from '../../../../main/connections/ports.js';
import type { CleanUpDeps } from '../../../../main/runs/clean-up.js';
import { AppError } from '../../../../shared/errors/app-error.js';
import type { CleanUpOffer } from '../../../../shared/run/clean-up.js';
import type { RunEvent } from '../../../../shared/run/events.js';
import { runIdOf } from '../../../fakes/runs-on-disk.js';
import { foldEvents, readyToExecute } from '../../../fakes/sample-run.js';
import { createStepWorld } from '../steps/step-world.js';

const { signal } = new AbortController();
const offer = (id: string, change: Partial<CleanUpOffer> = {}): CleanUpOffer => ({
  ...{ id, kind: 'container', engine: 'docker', name: id, objectId: id, facts: [], refusal: null },
  ...change,
});
const end: RunEvent = { type: 'run.closed', outcome: 'rolled-back', reason: '', by: 'Ada' };

describe('what is chosen to be removed', () => {
  test('goes as a whole or not at all, containers before their images', () => {
    const all = [offer('image', { kind: 'image' }), offer('old')];
    expect(chosenOf(all, ['image', 'old']).map(({ id }) => id)).toEqual(['old', 'image']);
    const held = [offer('old'), offer('other', { refusal: 'It runs.' })];
    expect(() => chosenOf(held, ['old', 'other'])).toThrow('other is not removed. It runs.');
    expect(() => chosenOf(held, ['old', 'never offered'])).toThrow('There is no never offered');
    expect(() => chosenOf(held, [])).toThrow('Nothing was chosen');
  });

  test('is announced before it is removed, and on record as removed only once it is gone', async () => {
    const { docker, oldId } = await createStepWorld();
    await docker.stop(oldId, 0, signal);
    const said: string[] = [];
    const record = (event: RunEvent): Promise<void> => {
      said.push(`${event.type}: ${docker.look(oldId) === null ? 'gone' : 'there'}`);
      return Promise.resolve();
    };
    const one = offer('web', { objectId: oldId });

    await removeRecorded(() => docker, one, { typed: 'production', by: 'Ada', record });
    expect(said).toEqual(['clean-up.started: there', 'clean-up.removed: gone']);
  });

  test('is on record as failed where it is still there', async () => {
    const { docker, oldId } = await createStepWorld();
    const said: string[] = [];
    const record = (event: RunEvent): Promise<void> => {
      said.push(event.type);
      return Promise.resolve();
    };
    const stubborn = {
      remove: () => Promise.resolve(),
      container: (id: string) => docker.container(id, signal),
    } as unknown as DockerPort;
    const one = offer('web', { objectId: oldId });
    const removing = removeRecorded(() => stubborn, one, { typed: '', by: 'Ada', record });

    await expect(removing).rejects.toMatchObject({ code: 'DOCKER_NOT_AS_WANTED' });
    expect(said).toEqual(['clean-up.started', 'clean-up.failed']);
  });
});

describe('a clean-up', () => {
  /** Whatever gets past the rules would connect, and fail differently. */
  const cleanUpOf = (events: readonly RunEvent[]): CleanUp => {
    const reached = (): never => {
      throw new Error('It got past the rules.');
    };
    const runs = {
      read: () => Promise.resolve({ state: foldEvents(events), problem: null }),
      whileNoneIsOpen: reached,
    };
    const deps = { runs, operator: () => 'Ada', environments: { open: reached } };
    return new CleanUp(deps as unknown as CleanUpDeps);
  };
  const closed = [...readyToExecute(), end];
  const { name } = foldEvents(closed).started!.environment;

  test('is refused while the run is open: what it kept is its way back', async () => {
    const cleanUp = cleanUpOf(readyToExecute());
    await expect(cleanUp.look(runIdOf(1))).rejects.toThrow('not closed');
    const asked = cleanUp.remove(runIdOf(1), { items: ['old'], typed: name });
    await expect(asked).rejects.toThrow('not closed');
  });

  test('is refused where the environment is not typed exactly, and waits for no other run then', async () => {
    const asked = (typed: string) =>
      cleanUpOf(closed).remove(runIdOf(1), { items: ['old'], typed });
    await expect(asked('')).rejects.toThrow('Nothing was removed');
    await expect(asked(`${name} `)).rejects.toThrow('Nothing was removed');
    await expect(asked(name)).rejects.toThrow('It got past the rules');
  });
});

const item = (kind: 'container' | 'image', name: string) => ({
  ...{ id: name, kind, engine: 'docker', name, objectId: name, facts: [], refusal: null },
});

test('a clean-up that ended midway says what has gone, where it ended and why, and what was not begun', () => {
  const chosen = [
    item('container', 'web-before'),
    item('image', 'web:v2'),
    item('image', 'web:v3'),
  ];
  const refused = new AppError('DOCKER_REFUSED', 'It has dependent child images.');
  expect(incomplete(chosen, 1, refused)).toMatchObject({
    code: 'CLEAN_UP_INCOMPLETE',
    message:
      'Removed: container web-before. It ended at image web:v2: It has dependent child images. Not begun: image web:v3.',
  });
  expect(incomplete(chosen, 2, refused).message).not.toContain('Not begun');
});

test('a bug behind it says nothing of what it held', () => {
  const chosen = [item('container', 'web-before'), item('image', 'web:v2')];
  expect(incomplete(chosen, 1, new Error('s3cret')).message).not.toContain('s3cret');
});
