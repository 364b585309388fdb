import { expect, test } from 'vitest';
import { kindOf, stepKinds } from '../../../../main/steps/registry.js';
import { listDockerTargets, previewDockerTarget } from '../../../../main/steps/targets.js';
import { Target } from '../../../../shared/plan/target.js';
import { createStepWorld } from './step-world.js';

const { signal } = new AbortController();
const place = { repository: 'web', container: 'web', label: null, containers: null };

test('lists what could be gone back to, newest first, with the serving one marked by its image', async () => {
  const { docker, target, sick } = await createStepWorld();
  const targets = await listDockerTargets(docker, place, signal);
  expect(targets.map(({ version, isServing }) => [version, isServing])).toEqual([
    ['v1.2.0', true],
    ['v1.1.0', false],
  ]);
  expect(targets.map(({ id }) => id)).toEqual([sick, target]);
  expect(targets.map((found) => Target.parse(found))).toEqual(targets);
});

test('lists what serves also when its tag has moved on to another image', async () => {
  const { docker, sick } = await createStepWorld();
  const rebuilt = docker.addImage('web:v1.2.0');
  const targets = await listDockerTargets(docker, place, signal);
  expect(targets.find(({ isServing }) => isServing)?.id).toBe(sick);
  expect(targets.find(({ id }) => id === rebuilt)).toMatchObject({
    isServing: false,
    names: ['web:v1.2.0'],
  });
});

async function preview(change: (world: Awaited<ReturnType<typeof createStepWorld>>) => void) {
  const world = await createStepWorld();
  const [, target] = await listDockerTargets(world.docker, place, signal);
  change(world);
  const items = await previewDockerTarget(world.docker, place, target as Target, signal);
  return Object.fromEntries(items.map(({ id, state }) => [id, state]));
}

test('says that going back is possible, item by item', async () => {
  expect(await preview(() => undefined)).toEqual({
    engine: 'green',
    rights: 'green',
    image: 'green',
    room: 'green',
    container: 'green',
  });
});

test('turns red where the way back is closed', async () => {
  expect(
    await preview(({ docker, target }) => {
      docker.forgetImage(target);
    }),
  ).toMatchObject({ image: 'red', room: 'amber' });
  expect(
    await preview(({ docker }) => {
      docker.patch('web', { autoRemove: true });
    }),
  ).toMatchObject({ 'auto-remove': 'amber' });
  expect(
    await preview(({ docker }) => {
      docker.failWith('DOCKER_UNREACHABLE');
    }),
  ).toEqual({ engine: 'red' });
});

test('warns where Compose would bring the newer version back', async () => {
  const labels = { 'com.docker.compose.project': 'shop' };
  expect(
    await preview(({ docker }) => {
      docker.patch('web', { labels });
    }),
  ).toMatchObject({ compose: 'amber' });
});

test('knows every kind by the name it has itself, and no other', () => {
  Object.entries(stepKinds).forEach(([name, kind]) => {
    expect(kind.kind).toBe(name);
  });
  expect(() => kindOf('toString')).toThrow(/no kind of step/);
});

test('says which others of the service are not taken back', async () => {
  const labels = {
    'com.docker.compose.project': 'shop',
    'com.docker.compose.service': 'web',
  };
  const { docker, sick } = await createStepWorld();
  docker.patch('web', { labels });
  const endpoints = { NetworkingConfig: { EndpointsConfig: {} }, HostConfig: {} };
  for (const [name, project] of [
    ['web-2', 'shop'],
    ['web-3', 'other'],
  ] as const) {
    const Labels = { ...labels, 'com.docker.compose.project': project };
    const { id } = await docker.create(name, { Image: sick, Labels, ...endpoints }, signal);
    await docker.start(id, signal);
  }
  const [target] = await listDockerTargets(docker, place, signal);
  const items = await previewDockerTarget(docker, place, target!, signal);
  const text = items.find(({ id }) => id === 'siblings')?.text ?? '';
  expect(text).toContain('web-2 of the same service');
  expect(text).not.toContain('web-3');
});
