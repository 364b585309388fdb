import { describe, expect, test } from 'vitest';
import { createStepWorld, healthUrl } from './step-world.js';

const trigger = {
  path: '/trigger',
  title: 'Run test analysis',
  body: { conditionId: 'x' },
  acceptedStatus: [202],
  completesWith: 'analysis x completed',
  timeoutSeconds: 20,
};
const triggerParams = { engine: 'docker', container: 'web', url: 'http://localhost:3000', trigger };
const triggerUrl = 'http://localhost:3000/trigger';

describe('waiting for health', () => {
  test('goes on as soon as the answer meets the expectation, and shows what is worth reading', async () => {
    const { http, step, emitted } = await createStepWorld();
    let asked = 0;
    http.reply('GET', healthUrl, () => {
      asked += 1;
      const status = asked < 3 ? 'starting' : 'healthy';
      return { status: 200, body: JSON.stringify({ status, version: '1.1.0' }) };
    });
    const { summary } = await step('service.wait-healthy').run();
    expect(summary).toBe('Healthy: 200, as expected (version 1.1.0).');
    expect(emitted).toEqual(['status is "starting" instead of "healthy" (version 1.1.0)']);
    // Who takes a new caller is what counts here.
    expect(http.requests.every((request) => !('mayReuse' in request))).toBe(true);
  });

  test('says what was seen last when the time is up', async () => {
    const { http, step } = await createStepWorld();
    http.replyJson('GET', healthUrl, 503, { status: 'unhealthy' });
    const failed = step('service.wait-healthy', { timeoutSeconds: 2 }).run();
    await expect(failed).rejects.toThrow(/Not healthy within 2 s\. Last seen: 503 instead of 200/);
  });

  test('asks for the engine’s own health check too where there is one', async () => {
    const { docker, http, step } = await createStepWorld();
    http.replyJson('GET', healthUrl, 200, { status: 'healthy' });
    docker.patch('web', { health: 'starting' });
    const failed = step('service.wait-healthy', { timeoutSeconds: 2 }).run();
    await expect(failed).rejects.toThrow(/health check says starting/);
    docker.patch('web', { health: 'healthy' });
    await expect(step('service.wait-healthy').run()).resolves.toBeDefined();
  });

  test.each([
    ['ended', { status: 'exited', running: false, exitCode: 3 }],
    ['keeps being restarted', { status: 'running', running: true, restartCount: 2 }],
  ])('does not wait for a container that has %s', async (_what, change) => {
    const { docker, step, emitted } = await createStepWorld();
    const wait = step('service.wait-healthy');
    const before = await wait.capture();
    docker.write('web', 'FATAL no database');
    docker.patch('web', change);
    await expect(wait.verify(before)).rejects.toMatchObject({ code: 'SERVICE_EXITED' });
    expect(emitted).toContain('FATAL no database');
  });

  test('is not deceived by somebody else who answers at the address', async () => {
    const { docker, http, step } = await createStepWorld();
    http.replyJson('GET', healthUrl, 200, { status: 'healthy' });
    docker.patch('web', { status: 'paused' });
    const failed = step('service.wait-healthy', { timeoutSeconds: 1 }).run();
    await expect(failed).rejects.toThrow(/web is paused/);
  });

  test('ends when the operator stops it', async () => {
    const { step, stop } = await createStepWorld();
    const waiting = step('service.wait-healthy').run();
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'STEP_STOPPED' });
  });
});

describe('the trigger', () => {
  test('is sent once and complete when the log says so', async () => {
    const { docker, http, step } = await createStepWorld();
    docker.write('web', 'analysis x completed');
    http.reply('POST', triggerUrl, () => {
      queueMicrotask(() => {
        docker.write('web', 'analysis x completed');
      });
      return { status: 202, body: '{}' };
    });
    const { summary } = await step('service.trigger', triggerParams).run();
    expect(summary).toBe('Accepted and completed: analysis x completed');
    expect(http.requests).toHaveLength(1);
    expect(http.requests[0]).toMatchObject({ method: 'POST', body: '{"conditionId":"x"}' });
    expect(http.moves).toEqual(['open ahead to http://localhost:3000', 'POST']);
  });

  test('does not take an older line for its completion', async () => {
    const { docker, http, step } = await createStepWorld();
    docker.write('web', 'analysis x completed');
    http.replyJson('POST', triggerUrl, 202, {});
    const failed = step('service.trigger', triggerParams).run();
    await expect(failed).rejects.toMatchObject({ code: 'SERVICE_TRIGGER_UNFINISHED' });
  });

  test('that is refused is said so, and nothing is waited for', async () => {
    const { http, step } = await createStepWorld();
    http.replyJson('POST', triggerUrl, 503, { accepted: false });
    const failed = step('service.trigger', triggerParams).run();
    await expect(failed).rejects.toMatchObject({ code: 'SERVICE_TRIGGER_REFUSED' });
    expect(http.requests).toHaveLength(1);
  });

  test('ends when the container stops on the way', async () => {
    const { docker, http, step, oldId } = await createStepWorld();
    http.reply('POST', triggerUrl, () => {
      setImmediate(() => void docker.stop(oldId, 1, new AbortController().signal));
      return { status: 202, body: '{}' };
    });
    const failed = step('service.trigger', triggerParams).run();
    await expect(failed).rejects.toMatchObject({ code: 'SERVICE_EXITED' });
  });

  test('is never repeated unasked', async () => {
    const { step } = await createStepWorld();
    expect(step('service.trigger', triggerParams).kind).toMatchObject({
      repeatable: false,
      capturesAnew: true,
    });
    expect(await step('service.trigger', triggerParams).observe()).toMatchObject({ isDone: null });
  });
});

test('the health check fails with what it saw', async () => {
  const { http, step } = await createStepWorld();
  await expect(step('service.check-health').run()).rejects.toMatchObject({
    code: 'SERVICE_NOT_HEALTHY',
  });
  http.replyJson('GET', healthUrl, 200, { status: 'healthy', version: '1.1.0' });
  expect((await step('service.check-health').run()).summary).toContain('version 1.1.0');
  expect(http.requests.at(-1)).toMatchObject({ mayReuse: true });
});
