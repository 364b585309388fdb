import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createDockerAdapter } from '../../main/connections/docker-adapter.js';
import { describeDockerPort } from '../contract/docker-port.contract.js';
import { realDockerWorld } from '../contract/real-docker-world.js';
import { dockerCommand, realEngine } from './real-engine.js';

describeDockerPort('a real engine by its socket', () => {
  const { socket, repository } = realEngine();
  return realDockerWorld(
    { port: createDockerAdapter(socket), unreachable: createDockerAdapter(`${socket}.nobody`) },
    repository,
  );
});

// An engine that is asked for one repository tells only the names in it; clean-up would take away what others need.
test('tells of an image in a repository whatever else it is called', async () => {
  const { socket, repository } = realEngine();
  const other = `lastgood-other-${randomUUID().slice(0, 8)}:kept`;
  await dockerCommand('tag', `${repository}:v1.1.0`, other);
  try {
    const images = await createDockerAdapter(socket).images(
      repository,
      AbortSignal.timeout(10_000),
    );
    const tags = images.find(({ tags: all }) => all.includes(`${repository}:v1.1.0`))?.tags;
    expect(tags).toContain(other);
  } finally {
    await dockerCommand('rmi', '--no-prune', other);
  }
});
