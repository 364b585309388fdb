import { describe, expect, test } from 'vitest';
import { createStepWorld } from './step-world.js';

const cutover = [
  'docker.create-replacement',
  'docker.stop',
  'docker.swap-names',
  'docker.start',
] as const;

test('says in one sentence what will be done, and what a person would type', async () => {
  const { step } = await createStepWorld();
  const stop = step('docker.stop');
  expect(stop.describe()).toBe('Stop container web on docker, letting it finish for up to 60 s');
  expect(stop.commands()).toEqual(['docker update --restart no web', 'docker stop -t 60 web']);
});

describe('the cutover', () => {
  test('goes there and back, the container as it was', async () => {
    const { docker, step, target, oldId } = await createStepWorld();
    const before = docker.look('web');
    const done = [];
    for (const kind of cutover) {
      done.push({ kind, ...(await step(kind).run()) });
    }
    expect(docker.look('web')).toMatchObject({ imageId: target, running: true });
    expect(docker.look('web-before')).toMatchObject({ id: oldId, running: false });
    await expect(step('docker.check-settings').run()).resolves.toBeDefined();

    for (const { kind, before: captured } of done.toReversed()) {
      await step(kind).undo(captured);
    }
    expect(docker.names).toEqual(['web']);
    expect(docker.look('web')).toMatchObject({
      id: oldId,
      running: true,
      restartPolicy: before?.restartPolicy,
    });
  });

  test.each(cutover)('%s may act twice and be undone twice', async (kind) => {
    const { docker, step } = await createStepWorld();
    for (const earlier of cutover.slice(0, cutover.indexOf(kind))) {
      await step(earlier).run();
    }
    const start = docker.names.map((name) => docker.look(name));
    const { before } = await step(kind).run();
    const afterOnce = docker.names;
    await step(kind).act(before);
    await step(kind).verify(before);
    expect(docker.names).toEqual(afterOnce);
    expect(await step(kind).observe()).toMatchObject({ isDone: true });

    await step(kind).undo(before);
    await step(kind).undo(before);
    expect(docker.names.map((name) => docker.look(name)?.id)).toEqual(
      start.map((found) => found?.id),
    );
  });

  test.each(cutover)('%s may be undone although its act never began', async (kind) => {
    const { docker, step } = await createStepWorld();
    for (const earlier of cutover.slice(0, cutover.indexOf(kind))) {
      await step(earlier).run();
    }
    const start = docker.names.map((name) => docker.look(name));
    await step(kind).undo(await step(kind).capture());
    expect(docker.names.map((name) => docker.look(name))).toEqual(start);
  });

  test.each(cutover)('%s changes nothing while it observes and captures', async (kind) => {
    const { docker, step } = await createStepWorld();
    for (const earlier of cutover.slice(0, cutover.indexOf(kind))) {
      await step(earlier).run();
    }
    const { length } = docker.changes;
    await step(kind).observe();
    const before = await step(kind).capture();
    expect(docker.changes).toHaveLength(length);
    expect(JSON.stringify(before)).not.toContain('s3cret');
  });
});

describe('the replacement', () => {
  test('of another run is neither used nor removed', async () => {
    const { docker, step } = await createStepWorld();
    const { before } = await step('docker.create-replacement', { run: 'run-0' }).run();
    const ours = step('docker.create-replacement');
    await expect(ours.act(before)).rejects.toMatchObject({ code: 'DOCKER_NAME_TAKEN' });
    expect(await ours.undo(before)).toContain('no container web-next of this run');
    expect(docker.names).toEqual(['web', 'web-next']);
    await expect(step('docker.swap-names').capture()).rejects.toMatchObject({
      code: 'DOCKER_NAME_TAKEN',
    });
  });

  test('is stopped before it is removed', async () => {
    const { docker, step } = await createStepWorld();
    const { before } = await step('docker.create-replacement').run();
    await step('docker.stop').run();
    await docker.start(docker.look('web-next')?.id ?? '', new AbortController().signal);
    await step('docker.create-replacement').undo(before);
    expect(docker.names).toEqual(['web']);
  });
});

describe('stopping', () => {
  test('says when the container had to be ended', async () => {
    const { docker, step } = await createStepWorld();
    const stubborn = docker.addImage('web:stubborn', 'ignores-stop');
    docker.patch('web', { imageId: stubborn });
    const { summary } = await step('docker.stop').run();
    expect(summary).toBe(
      'web did not stop within 60 s and was ended by the engine (exit code 137).',
    );
  });

  test('of a container that was down stays down when undone', async () => {
    const { docker, step, oldId } = await createStepWorld();
    await docker.stop(oldId, 1, new AbortController().signal);
    const { before, summary } = await step('docker.stop').run();
    expect(summary).toBe('web was not running.');
    await step('docker.stop').undo(before);
    expect(docker.look('web')).toMatchObject({
      running: false,
      restartPolicy: { name: 'unless-stopped' },
    });
  });

  test.each(['docker.stop', 'docker.start'] as const)(
    'holds one down that ends and restarts again and again: %s',
    async (kind) => {
      const { docker, step, oldId } = await createStepWorld();
      if (kind === 'docker.start') {
        await docker.stop(oldId, 1, new AbortController().signal);
      }
      const { before } = await step(kind).run();
      docker.patch('web', {
        running: true,
        status: 'restarting',
        restartPolicy: { name: 'always', maximumRetryCount: 0 },
      });
      await (kind === 'docker.stop' ? step(kind).act(before) : step(kind).undo(before));
      const name = kind === 'docker.stop' ? 'no' : 'unless-stopped';
      expect(docker.look('web')).toMatchObject({ running: false, restartPolicy: { name } });
    },
  );

  test('is not called done while a restart policy could bring it back', async () => {
    const { docker, step, oldId } = await createStepWorld();
    await docker.stop(oldId, 1, new AbortController().signal);
    expect(await step('docker.stop').observe()).toMatchObject({ isDone: false });
  });

  test('fails when the container keeps running', async () => {
    const { docker, step } = await createStepWorld();
    const { before } = await step('docker.stop').run();
    docker.patch('web', { running: true, status: 'running' });
    await expect(step('docker.stop').verify(before)).rejects.toMatchObject({
      code: 'DOCKER_STILL_RUNNING',
    });
  });
});

test('starting fails when the container ends at once, and shows its last words', async () => {
  const { docker, step, emitted, oldId } = await createStepWorld();
  await docker.stop(oldId, 1, new AbortController().signal);
  docker.patch('web', { imageId: docker.addImage('web:broken', 'crashes') });
  await expect(step('docker.start').run()).rejects.toMatchObject({ code: 'DOCKER_NOT_RUNNING' });
  expect(emitted).toContain('ERROR cannot go on');
});

test('an image name that has moved on is found out before anything is created', async () => {
  const { docker, step } = await createStepWorld();
  expect((await step('docker.find-image').run()).summary).toContain('web:v1.1.0 is');
  docker.addImage('web:v1.1.0');
  await expect(step('docker.find-image').run()).rejects.toMatchObject({
    code: 'DOCKER_IMAGE_CHANGED',
  });
});

describe('reading the log', () => {
  test('keeps the old container’s last lines with the run', async () => {
    const { docker, step, emitted } = await createStepWorld();
    docker.write('web', 'tick');
    expect((await step('docker.save-log').run()).summary).toBe('Kept the last 2 lines of web.');
    expect(emitted.at(-1)).toMatch(/^2026-.* tick$/);
  });

  test('does not call kept what the disk of this computer has not taken', async () => {
    const { disk, step } = await createStepWorld();
    disk.isFull = true;
    await expect(step('docker.save-log').run()).rejects.toMatchObject({ code: 'LOG_NOT_KEPT' });
  });

  test('counts the error lines since the start, and fails where there are too many', async () => {
    const { docker, step } = await createStepWorld();
    expect((await step('docker.check-log').run()).summary).toBe(
      'No error lines in 1 line since web started.',
    );
    docker.write('web', 'ERROR database is not reachable');
    expect((await step('docker.read-log').run()).summary).toContain('1 error line among them');
    await expect(step('docker.check-log').run()).rejects.toMatchObject({
      code: 'SERVICE_ERRORS_FOUND',
    });
  });

  test('does not take the clean log of a container that keeps being restarted for a good sign', async () => {
    const { docker, step } = await createStepWorld();
    docker.patch('web', { restartCount: 2 });
    await expect(step('docker.check-log').run()).rejects.toMatchObject({ code: 'SERVICE_EXITED' });
  });

  test('refuses a pattern that is none before anything is asked', async () => {
    const { step } = await createStepWorld();
    const broken = step('docker.check-log', { errorLine: '(' });
    await expect(broken.capture()).rejects.toMatchObject({ code: 'STEP_PARAMS_INVALID' });
  });
});
