import { expect, test } from 'vitest';
import type { DockerPort } from '../../main/connections/ports.js';
import { specOf } from './docker-world.js';
import type { DockerWorld } from './docker-world.js';

const signal = AbortSignal.timeout(120_000);
let serial = 0;
const nameOf = (what: string): string => {
  serial += 1;
  return `lastgood-further-${what}-${String(process.pid)}-${String(serial)}`;
};

/** What is needed for special containers and for the clean-up. */
export function describeFurther(world: () => DockerWorld): void {
  test('pauses a running container and lets it go on, and stops a paused one', async () => {
    const { port, makeContainer } = world();
    const { id } = await makeContainer({ name: nameOf('pause') });
    await port.start(id, signal);
    await pause(port, id);
    expect(await port.container(id, signal)).toMatchObject({ running: true, status: 'paused' });
    await port.unpause(id, signal);
    expect(await port.container(id, signal)).toMatchObject({ running: true, status: 'running' });
    await pause(port, id);
    if (world().otherwise?.has('stops nothing paused') === true) {
      const refused = { code: 'DOCKER_REFUSED' };
      await expect(port.stop(id, 10, signal)).rejects.toMatchObject(refused);
      await port.unpause(id, signal);
    }
    await port.stop(id, 2, signal);
    expect(await port.container(id, signal)).toMatchObject({ running: false });
  });

  test('lists the containers of a label by name, also those that do not run', async () => {
    const { port, images } = world();
    const value = nameOf('label');
    const labelled = { ...specOf(images.healthy), Labels: { 'lastgood.test': value } };
    const made = [];
    for (const name of [`${value}-10`, `${value}-2`]) {
      made.push((await port.create(name, labelled, signal)).id);
    }
    const listed = await port.containers(`lastgood.test=${value}`, signal);
    expect(listed.map(({ name }) => name)).toEqual([`${value}-2`, `${value}-10`]);
    expect(listed[0]).toMatchObject({ imageId: images.healthy, status: 'created' });
    expect(await port.containers(`lastgood.test=${value}-other`, signal)).toEqual([]);
    for (const id of made) {
      await port.remove(id, signal);
    }
  });

  test('measures what a container has written', async () => {
    const { port, makeContainer } = world();
    const { id } = await makeContainer({ name: nameOf('size') });
    expect(await port.writableBytes(id, signal)).toBeGreaterThanOrEqual(0);
  });

  test('does not remove an image that a container needs', async () => {
    const { port, makeContainer, images } = world();
    await makeContainer({ name: nameOf('image') });
    await expect(port.removeImage(images.healthy, signal)).rejects.toMatchObject({
      code: 'DOCKER_REFUSED',
    });
    expect((await port.image(images.healthy, signal)).id).toBe(images.healthy);
    await port.removeImage(`sha256:${'0'.repeat(64)}`, signal);
  });
}

/** A busy kernel may not freeze everything at the first try; the engine says so and leaves the container as it was. */
async function pause(port: DockerPort, id: string, tries = 5): Promise<void> {
  try {
    await port.pause(id, signal);
  } catch (thrown) {
    if (tries === 1 || !String(thrown).includes('unable to freeze')) {
      throw thrown;
    }
    await pause(port, id, tries - 1);
  }
}
