import { describe, expect, test } from 'vitest';
import { createStepWorld } from '../step-world.js';

const kinds = ['docker.create-replacement', 'docker.stop', 'docker.swap-names', 'docker.start'];

/** A service whose container was started with --rm, taken through the whole cutover. */
async function vanishing() {
  const world = await createStepWorld();
  const hostConfig = { ...world.docker.look('web')?.hostConfig, AutoRemove: true };
  world.docker.patch('web', { autoRemove: true, hostConfig });
  const befores = [];
  for (const kind of kinds) {
    befores.push((await world.step(kind).run()).before);
  }
  return { ...world, befores };
}

describe('a container that removes itself when it stops', () => {
  test('is replaced, and nothing on record holds a value of its environment', async () => {
    const { docker, befores, oldId } = await vanishing();
    expect(docker.look(oldId)).toBeNull();
    expect(docker.names).toEqual(['web']);
    expect(docker.look('web')).toMatchObject({ running: true, autoRemove: true });
    expect(JSON.stringify(befores)).not.toContain('s3cret');
  });

  test('is made again with its own environment when everything is taken back', async () => {
    const { docker, step, befores, sick } = await vanishing();
    for (const kind of kinds.toReversed()) {
      await step(kind).undo(befores[kinds.indexOf(kind)] ?? null);
    }
    expect(docker.names).toEqual(['web']);
    const again = docker.look('web');
    expect(again).toMatchObject({ imageId: sick, running: true, labels: { team: 'markets' } });
    expect(again?.config['Env']).toContain('API_KEY=s3cret');
    expect(again?.labels).not.toHaveProperty('lastgood.run');
  });

  test('is not made twice when its stop is taken back twice', async () => {
    const { docker, step, befores } = await vanishing();
    for (const kind of ['docker.start', 'docker.swap-names', 'docker.stop', 'docker.stop']) {
      await step(kind).undo(befores[kinds.indexOf(kind)] ?? null);
    }
    expect(docker.names).toEqual(['web']);
    expect(docker.changes.filter((change) => change === 'create web')).toHaveLength(1);
  });

  test('cannot be made again where what is needed is not kept, and that is said', async () => {
    const { docker, step, vault, befores } = await vanishing();
    vault.entries.clear();
    await step('docker.start').undo(befores[3] ?? null);
    await step('docker.swap-names').undo(befores[2] ?? null);
    const { length } = docker.changes;
    await expect(step('docker.stop').undo(befores[1] ?? null)).rejects.toMatchObject({
      code: 'VAULT_EMPTY',
    });
    expect(docker.changes).toHaveLength(length);
  });

  test('counts as stopped when it is gone already', async () => {
    const { docker, step, befores } = await vanishing();
    const { length } = docker.changes;
    const again = step('docker.stop');
    await again.act(befores[1] ?? null);
    expect(docker.changes).toHaveLength(length);
  });

  test('has its settings compared with what was put away', async () => {
    const { step } = await vanishing();
    const { summary } = await step('docker.check-settings').run();
    expect(summary).toContain('has the ports, environment');
  });
});

describe('a paused container', () => {
  test('is unpaused to stop, which is said, and paused again when that is taken back', async () => {
    const { docker, step, emitted } = await createStepWorld();
    docker.patch('web', { status: 'paused' });
    const { before, summary } = await step('docker.stop').run();
    expect(docker.changes.slice(0, 1)).toEqual(['running web']);
    expect(emitted.join()).toContain('web is paused: unpausing it');
    expect(summary).toContain('It had been paused');
    expect(await step('docker.stop').undo(before)).toContain('paused as it was before');
    expect(docker.look('web')).toMatchObject({ status: 'paused', running: true });
    expect(await step('docker.stop').undo(before)).toContain('paused as it was before');
  });
});

test('what was recorded by an older version can still be taken back', async () => {
  const { docker, step, oldId } = await createStepWorld();
  await step('docker.stop').run();
  const policy = { name: 'unless-stopped', maximumRetryCount: 0 };
  const before = { id: oldId, wasRunning: true, restartPolicy: policy, imageId: 'sha256:x' };
  expect(await step('docker.stop').undo(before)).toContain('is running again as it was');
  expect(docker.look('web')).toMatchObject({ running: true });
});
