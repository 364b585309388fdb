import { expect, test } from 'vitest';
import { foresightInWords } from '../../../../../shared/plan/foresight.js';
import { createStepWorld } from '../step-world.js';

test('before the replacement is made, says what will be different and what is carried', async () => {
  const { step, docker } = await createStepWorld();
  const { length } = docker.changes;
  const foresight = await step('docker.create-replacement').foresee();
  expect(foresight?.title).toBe('web now ↔ web-next');
  expect(foresight?.changes.map(({ what, because }) => [what, because])).toEqual([
    ['image', 'target'],
    ['environment variable APP_VERSION', 'target'],
    ['label lastgood.run', 'console'],
    ['label lastgood.role', 'console'],
    ['label lastgood.restart', 'console'],
  ]);
  expect(foresight?.carried).toEqual(
    expect.arrayContaining([
      '1 environment variable',
      '1 label',
      '1 published port',
      'RestartPolicy',
    ]),
  );
  expect(docker.changes).toHaveLength(length);
});

test('shows marks instead of values, also of those that the images bring along', async () => {
  const { step } = await createStepWorld();
  const foresight = await step('docker.create-replacement').foresee();
  const text = JSON.stringify(foresight);
  for (const secret of ['s3cret', '1.1.0', '1.2.0', 'markets']) {
    expect(text).not.toContain(secret);
  }
  const version = foresight?.changes.find(({ what }) => what.endsWith('APP_VERSION'));
  expect(version?.from).toMatch(/^#[0-9a-f]{8}$/);
  expect(version?.to).toMatch(/^#[0-9a-f]{8}$/);
  expect(version?.from).not.toBe(version?.to);
});

test('shows the same of the replacement as it is, before the names are swapped', async () => {
  const { step } = await createStepWorld();
  const foreseen = await step('docker.create-replacement').foresee();
  await step('docker.create-replacement').run();
  const seen = await step('docker.swap-names').foresee();
  expect(seen?.changes).toEqual(expect.arrayContaining(foreseen?.changes ?? []));
  expect(seen?.changes.filter(({ because }) => because === 'lost')).toEqual([]);
});

test('names what is not carried, and puts it first in words', async () => {
  const { step, docker } = await createStepWorld();
  await step('docker.create-replacement').run();
  const made = docker.look('web-next');
  docker.patch('web-next', {
    config: { ...made?.config, Env: ['API_KEY=other'] },
    hostConfig: { ...made?.hostConfig, Memory: 5 },
  });
  const seen = await step('docker.swap-names').foresee();
  const lost = seen?.changes.filter(({ because }) => because === 'lost').map(({ what }) => what);
  expect(lost).toEqual(['environment variable API_KEY', 'Memory']);
  expect(foresightInWords(seen!).join('\n')).toContain('! NOT CARRIED: Memory: none → 5');
});

test('has nothing to say once the old container is gone', async () => {
  const { step } = await createStepWorld();
  await step('docker.create-replacement').run();
  await step('docker.stop').run();
  await step('docker.swap-names').run();
  expect(await step('docker.swap-names').foresee()).toBeNull();
});

test.each([
  [
    'Compose',
    {
      labels: {
        'com.docker.compose.project': 'shop',
        'com.docker.compose.service': 'web',
        'com.docker.compose.project.config_files': '/srv/shop.yaml',
      },
    },
    'set the image of web in /srv/shop.yaml',
  ],
  ['--rm', { autoRemove: true }, 'vanishes when it stops'],
  ['a pause', { status: 'paused' }, 'is unpaused first'],
  ['a loop of restarts', { status: 'restarting' }, 'stopping it ends that'],
])('warns of %s', async (_what, change, words) => {
  const { step, docker } = await createStepWorld();
  docker.patch('web', change);
  const foresight = await step('docker.create-replacement').foresee();
  expect(foresight?.warnings.join()).toContain(words);
});

test('says that the image has vanished, before anything is asked for', async () => {
  const { step, docker, target } = await createStepWorld();
  docker.forgetImage(target);
  await expect(step('docker.create-replacement').foresee()).rejects.toMatchObject({
    code: 'DOCKER_IMAGE_MISSING',
  });
  await expect(step('docker.create-replacement').run()).rejects.toMatchObject({
    code: 'DOCKER_IMAGE_MISSING',
  });
  expect(docker.changes).toEqual([]);
});
