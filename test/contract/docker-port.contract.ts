import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DockerPort, LogLine } from '../../main/connections/ports.js';
import { describeFurther } from './docker-further.contract.js';
import { specOf } from './docker-world.js';
import type { DockerWorld } from './docker-world.js';

export { specFor } from './docker-world.js';
export type { ContainerOptions, DockerWorld } from './docker-world.js';

const signal = AbortSignal.timeout(120_000);
let serial = 0;

export function nameOf(what: string): string {
  serial += 1;
  return `lastgood-contract-${what}-${process.pid}-${serial}`;
}

/** One suite for every stand-in and the real engine, so that none of them can lie about the others. */
export function describeDockerPort(
  name: string,
  setUp: () => Promise<DockerWorld>,
  // Below the ports that outgoing connections take.
  publishedPort = 29_417,
): void {
  describe(`a Docker port: ${name}`, () => {
    let world: DockerWorld;
    let port: DockerPort;
    beforeEach(async () => {
      world = await setUp();
      ({ port } = world);
    });
    afterEach(async () => {
      await world.cleanUp();
    });

    describeImages(() => world);
    describeLife(() => world, publishedPort);
    describeNames(() => world);
    describeLogs(() => world);
    describeFurther(() => world);

    test('says which interface it speaks', async () => {
      const info = await port.info(signal);
      expect(info.apiVersion).toMatch(/^1\.\d+$/);
      expect(info.engineVersion).not.toBe('');
    });

    test('says that nobody answers, for every kind of question', async () => {
      const { unreachable } = world;
      const code = { code: 'DOCKER_UNREACHABLE' };
      await expect(unreachable.info(signal)).rejects.toMatchObject(code);
      await expect(unreachable.container('web', signal)).rejects.toMatchObject(code);
      await expect(unreachable.stop('web', 1, signal)).rejects.toMatchObject(code);
    });

    test('stops waiting when the signal fires', async () => {
      const stopped = AbortSignal.abort();
      await expect(port.info(stopped)).rejects.toMatchObject({ code: 'STEP_STOPPED' });
      await expect(port.container('web', stopped)).rejects.toMatchObject({ code: 'STEP_STOPPED' });
    });
  });
}

function describeImages(world: () => DockerWorld): void {
  test('lists the images of one repository, the newest first', async () => {
    const { port, repository, images } = world();
    const ids = (await port.images(repository, signal)).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([images.healthy, images.sick]));
    expect(ids.indexOf(images.sick)).toBeLessThan(ids.indexOf(images.healthy));
    expect(await port.images(`${repository}-that-is-not-there`, signal)).toEqual([]);
  });

  test('finds an image by its id and by its name', async () => {
    const { port, images } = world();
    const byId = await port.image(images.healthy, signal);
    expect(byId.id).toBe(images.healthy);
    const [tag = ''] = byId.tags;
    expect((await port.image(tag, signal)).id).toBe(images.healthy);
    expect(byId.sizeBytes).toBeGreaterThan(0);
  });

  test('says that an image is missing, also when a container shall be made of it', async () => {
    const { port, repository } = world();
    const reference = `${repository}:never-built`;
    const code = { code: 'DOCKER_IMAGE_MISSING' };
    await expect(port.image(reference, signal)).rejects.toMatchObject(code);
    await expect(port.create(nameOf('x'), specOf(reference), signal)).rejects.toMatchObject(code);
  });
}

function describeLife(world: () => DockerWorld, publishedPort: number): void {
  test('creates without starting, starts, stops and removes, each twice without harm', async () => {
    const { port, makeContainer } = world();
    const { id, name } = await makeContainer({ name: nameOf('life') });
    expect(await port.container(name, signal)).toMatchObject({
      id,
      name,
      running: false,
      startedAt: null,
    });

    await port.start(id, signal);
    await port.start(id, signal);
    const running = await port.container(id, signal);
    expect(running).toMatchObject({ running: true, status: 'running' });
    expect(running?.startedAt).not.toBeNull();
    await lineOf(port, id);

    await port.stop(id, 10, signal);
    await port.stop(id, 10, signal);
    expect(await port.container(id, signal)).toMatchObject({ running: false, exitCode: 0 });

    await port.remove(id, signal);
    await port.remove(id, signal);
    expect(await port.container(id, signal)).toBeNull();
  });

  test('ends a container that ignores the stop once the grace is over', async () => {
    const { port, makeContainer } = world();
    const { id } = await makeContainer({ name: nameOf('stubborn'), ignoresStop: true });
    await port.start(id, signal);
    await lineOf(port, id);
    await port.stop(id, 1, signal);
    expect(await port.container(id, signal)).toMatchObject({ running: false, exitCode: 137 });
  });

  test('refuses to remove a running container', async () => {
    const { port, makeContainer } = world();
    const { id } = await makeContainer({ name: nameOf('busy') });
    await port.start(id, signal);
    await expect(port.remove(id, signal)).rejects.toMatchObject({ code: 'DOCKER_REFUSED' });
    expect(await port.container(id, signal)).toMatchObject({ running: true });
  });

  test('says that a published port is taken, and starts once it is free', async () => {
    const { port, makeContainer, occupy } = world();
    const release = await occupy(publishedPort);
    const { id } = await makeContainer({ name: nameOf('port'), publishes: publishedPort });
    await expect(port.start(id, signal)).rejects.toMatchObject({ code: 'DOCKER_PORT_TAKEN' });
    expect(await port.container(id, signal)).toMatchObject({ running: false });

    await release();
    await port.start(id, signal);
    expect(await port.container(id, signal)).toMatchObject({ running: true });
  });

  test('changes the restart policy of a running container', async () => {
    const { port, makeContainer } = world();
    const { id } = await makeContainer({ name: nameOf('policy'), restart: 'unless-stopped' });
    await port.start(id, signal);
    const policy = async () => (await port.container(id, signal))?.restartPolicy.name;
    expect(await policy()).toBe('unless-stopped');
    if (world().otherwise?.has('keeps policies') === true) {
      const asked = port.setRestartPolicy(id, { name: 'no', maximumRetryCount: 0 }, signal);
      await expect(asked).rejects.toMatchObject({ code: 'DOCKER_POLICY_FIXED' });
      expect((await port.info(signal)).keepsPolicies).toBe(true);
      return;
    }
    await port.setRestartPolicy(id, { name: 'no', maximumRetryCount: 0 }, signal);
    expect(await policy()).toBe('no');
    await port.setRestartPolicy(id, { name: 'on-failure', maximumRetryCount: 3 }, signal);
    expect((await port.container(id, signal))?.restartPolicy).toEqual({
      name: 'on-failure',
      maximumRetryCount: 3,
    });
  });

  test('measures a running container', async () => {
    const { port, makeContainer } = world();
    const { id } = await makeContainer({ name: nameOf('load') });
    await port.start(id, signal);
    // An engine counts memory only once the container's first process has used some.
    await expect
      .poll(async () => (await port.stats(id, signal)).memoryBytes, { timeout: 20_000 })
      .toBeGreaterThan(0);
    expect((await port.stats(id, signal)).cpuPercent).toBeGreaterThanOrEqual(0);
  });
}

function describeNames(world: () => DockerWorld): void {
  test('finds a container under its new name only, once renamed', async () => {
    const { port, makeContainer } = world();
    const { id, name } = await makeContainer({ name: nameOf('old') });
    const next = nameOf('new');
    await port.rename(id, next, signal);
    expect(await port.container(next, signal)).toMatchObject({ id, name: next });
    expect(await port.container(name, signal)).toBeNull();
  });

  test('says that a name is taken, for a new container and for a rename', async () => {
    const { port, makeContainer, images } = world();
    const first = await makeContainer({ name: nameOf('first') });
    const second = await makeContainer({ name: nameOf('second') });
    const code = { code: 'DOCKER_NAME_TAKEN' };
    await expect(port.create(first.name, specOf(images.healthy), signal)).rejects.toMatchObject(
      code,
    );
    await expect(port.rename(second.id, first.name, signal)).rejects.toMatchObject(code);
    expect(await port.container(first.name, signal)).toMatchObject({ id: first.id });
  });

  test('knows no container that is not there', async () => {
    const { port } = world();
    expect(await port.container(nameOf('nobody'), signal)).toBeNull();
    await expect(port.start(nameOf('nobody'), signal)).rejects.toMatchObject({
      code: 'DOCKER_CONTAINER_MISSING',
    });
  });

  test('carries labels and environment into the new container', async () => {
    const { port, images } = world();
    const name = nameOf('labels');
    const spec = {
      ...specOf(images.healthy),
      Env: ['COLOUR=blue'],
      Labels: { 'lastgood.run': name },
    };
    const { id } = await port.create(name, spec, signal);
    const made = await port.container(id, signal);
    expect(made).toMatchObject({ imageId: images.healthy, labels: { 'lastgood.run': name } });
    expect(made?.config['Env']).toEqual(expect.arrayContaining(['COLOUR=blue']));
    await port.remove(id, signal);
  });
}

function describeLogs(world: () => DockerWorld): void {
  test('reads lines oldest first, at most as many as asked, from a time on inclusive', async () => {
    const { port, makeContainer } = world();
    const { id } = await makeContainer({ name: nameOf('log') });
    await port.start(id, signal);
    await lineOf(port, id);
    await port.stop(id, 10, signal);
    const all = await port.readLog(id, { tail: 1_000 }, signal);
    expect(all.map(({ at }) => at)).toEqual(all.map(({ at }) => at).toSorted());
    const last = all.at(-1);
    expect(await port.readLog(id, { tail: 1 }, signal)).toEqual([last]);
    expect(await port.readLog(id, { tail: 1_000, since: last?.at ?? '' }, signal)).toEqual(
      all.filter(({ at }) => at === last?.at),
    );
  });

  test('follows the log until the container stops, without loss or repetition', async () => {
    const { port, makeContainer } = world();
    const { id } = await makeContainer({ name: nameOf('follow') });
    await port.start(id, signal);
    await lineOf(port, id);
    const seen: LogLine[] = [];
    const ended = port.followLog(id, { tail: 1_000, onLine: (line) => seen.push(line) }, signal);
    await port.stop(id, 10, signal);
    await ended;
    const all = await port.readLog(id, { tail: 1_000 }, signal);
    const isWhole = world().otherwise?.has('follows not to the last line') !== true;
    expect(seen).toEqual(isWhole ? all : all.slice(0, seen.length));
    expect(seen.length).toBeGreaterThan(0);
  });

  test('ends following quietly when the signal fires', async () => {
    const { port, makeContainer } = world();
    const { id } = await makeContainer({ name: nameOf('leave') });
    await port.start(id, signal);
    const leave = new AbortController();
    const onLine = (): void => {
      leave.abort();
    };
    await expect(port.followLog(id, { tail: 10, onLine }, leave.signal)).resolves.toBeUndefined();
    expect(await port.container(id, signal)).toMatchObject({ running: true });
  });
}

/** The first line a container writes, however long it takes to come. */
async function lineOf(port: DockerPort, id: string): Promise<LogLine> {
  const enough = new AbortController();
  const lines: LogLine[] = [];
  const onLine = (line: LogLine): void => {
    lines.push(line);
    enough.abort();
  };
  await port.followLog(id, { tail: 1, onLine }, AbortSignal.any([signal, enough.signal]));
  const [first] = lines;
  if (first === undefined) {
    throw new Error('The container wrote nothing.');
  }
  return first;
}
