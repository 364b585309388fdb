import { expect, test } from 'vitest';
import { FakeDocker } from '../../../fakes/fake-docker.js';
import { scriptBench, signal } from './host/script-bench.js';

const url = 'http://localhost:3000';
const health = { path: '/health', status: 200, json: {}, show: [] };
const where = { engine: 'docker', container: 'web' };

/** A container that serves, and steps that have something to do with it. */
async function world() {
  const docker = new FakeDocker();
  const image = docker.addImage('web:v1', 'serves', {});
  const spec = {
    Image: image,
    Labels: {},
    HostConfig: {},
    NetworkingConfig: { EndpointsConfig: { bridge: {} } },
  };
  const { id } = await docker.create('web', spec, signal);
  await docker.start(id, signal);
  const bench = scriptBench({ reach: () => ({ docker: () => docker }) });
  bench.http.replyJson('GET', `${url}/health`, 200, {});
  bench.http.reply('POST', `${url}/trigger`, () => {
    queueMicrotask(() => {
      docker.write('web', 'completed');
    });
    return { status: 202, body: '' };
  });
  return bench;
}

test('a look lets connections stand', async () => {
  const { http, step } = await world();
  await step('service.check-health', { url, health }).act();
  expect(http.moves).toEqual(['GET']);
});

test('a change lets go of connections before it begins, and so does taking it back', async () => {
  const { http, step } = await world();
  const stop = step('docker.stop', { ...where, graceSeconds: 1 });
  await stop.act();
  expect(http.moves).toEqual(['let go']);
  await stop.undo();
  expect(http.moves).toEqual(['let go', 'let go']);
});

test('the connection that was opened ahead for a trigger is not one of them', async () => {
  const { http, step } = await world();
  const trigger = {
    path: '/trigger',
    title: 'Test',
    body: {},
    acceptedStatus: [202],
    completesWith: 'completed',
    timeoutSeconds: 5,
  };
  await step('service.trigger', { ...where, url, trigger }).act();
  expect(http.moves).toEqual([`open ahead to ${url}`, 'let go', 'POST']);
});
