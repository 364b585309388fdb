import { cp, readFile, stat, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { dockerTargetsOf } from '../../../fakes/docker-targets.js';
import { createRange } from '../../../../main/range/range.js';
import { builtIn, createFrom, openPractice, temporaryFolder, until } from './practice.js';
import type { Body, Practice } from './practice.js';

const { service, practice, id } = builtIn;
const healthy = `${dockerTargetsOf(builtIn).repository}:${practice.healthy[0]!}`;

const state = async (world: Practice, name: string): Promise<Body['State']> =>
  (await world.engine('GET', `/containers/${name}/json`)).json.State;

/** The world as it stood on disk at some moment, opened again elsewhere: what a killed console leaves behind. */
async function copyOfDisk(world: Practice): Promise<string> {
  const folder = await temporaryFolder();
  await cp(path.join(world.folder, 'range'), path.join(folder, 'range'), { recursive: true });
  return folder;
}

describe('a world on disk', () => {
  it('is found again as it was left, on the same port', async () => {
    const first = await openPractice();
    await createFrom(first, healthy);
    await first.engine('POST', `/containers/${service.name}/stop`);
    await first.engine('POST', `/containers/${service.name}/rename?name=kept`);
    await first.engine('POST', '/containers/replacement/start');
    await until(first.service, (answer) => answer !== null);
    await first.range.close();

    const again = await openPractice([], { folder: first.folder, fresh: false });

    expect(again.environment).toEqual(first.environment);
    expect((await again.service())?.status).toBe(service.health.status);
    expect(await state(again, 'kept')).toMatchObject({ Status: 'exited', ExitCode: 0 });
    const log = await again.engine('GET', '/containers/kept/logs?stdout=1');
    expect(log.text).toContain('finished');
  });

  it('keeps the start time of a container that ran through', async () => {
    const first = await openPractice();
    const before = await state(first, service.name);
    await first.range.close();

    const again = await openPractice([], { folder: first.folder, fresh: false });

    expect(await state(again, service.name)).toMatchObject({
      StartedAt: before.StartedAt,
    });
  });

  it('holds every change before the engine answers, and lets an ordered stop come to its end', async () => {
    const world = await openPractice(['ignores-stop']);
    await createFrom(world, healthy);
    void world.engine('POST', `/containers/${service.name}/stop?t=60`).catch(() => undefined);
    const file = path.join(world.folder, 'range', id, 'world.json');
    await until(
      () => readFile(file, 'utf8'),
      (text) => text.includes('"isStopping": true'),
    );
    const folder = await copyOfDisk(world);
    await world.range.close();

    const again = await openPractice([], { folder, fresh: false });

    expect(await state(again, service.name)).toMatchObject({ Status: 'exited', ExitCode: 137 });
    expect(await state(again, 'replacement')).toMatchObject({ Status: 'created' });
  });

  it('is laid anew when asked, whatever there was', async () => {
    const first = await openPractice(['never-healthy']);
    await createFrom(first, healthy);
    await first.range.close();
    const file = path.join(first.folder, 'range', id, 'world.json');
    await writeFile(file, '{ broken');
    await expect(openPractice([], { folder: first.folder, fresh: false })).rejects.toMatchObject({
      code: 'RANGE_STATE_BROKEN',
    });

    const again = await openPractice([], { folder: first.folder });

    expect((await again.engine('GET', '/containers/json?all=1')).list).toHaveLength(1);
    expect((await again.engine('GET', '/containers/replacement/json')).status).toBe(404);
  });

  it('is for this user only', async () => {
    const world = await openPractice();
    const mode = async (file: string): Promise<number> => (await stat(file)).mode & 0o777;
    const socket = world.environment.engines[0]!.socket!;

    expect(await mode(path.join(world.folder, 'range', id, 'world.json'))).toBe(0o600);
    expect(await mode(path.dirname(socket))).toBe(0o700);
    expect(await mode(socket)).toBe(0o600);
  });
});

describe('two consoles', () => {
  it('cannot hold one world: the second is told so and the first is not disturbed', async () => {
    const first = await openPractice();

    await expect(openPractice([], { folder: first.folder, fresh: false })).rejects.toMatchObject({
      code: 'RANGE_IN_USE',
    });
    expect((await first.engine('GET', '/_ping')).text).toBe('OK');
  });

  it('is not mistaken for the dead socket of a console that was killed', async () => {
    const first = await openPractice();
    const socket = first.environment.engines[0]!.socket!;
    await first.range.close();
    await writeFile(socket, '');

    const again = await openPractice([], { folder: first.folder, fresh: false });

    expect((await again.engine('GET', '/_ping')).text).toBe('OK');
  });

  it('says when another program has taken the port meanwhile', async () => {
    const first = await openPractice();
    await first.range.close();
    const thief = net.createServer();
    onTestFinished(
      () =>
        new Promise((resolve) =>
          thief.close(() => {
            resolve();
          }),
        ),
    );
    const port = Number(new URL(first.environment.url).port);
    await new Promise<void>((resolve) => thief.listen({ host: '127.0.0.1', port }, resolve));

    const range = createRange({
      folder: path.join(first.folder, 'range'),
      socketFolder: first.folder,
    });
    onTestFinished(() => range.close());

    await expect(range.open(builtIn, { fresh: false, faults: [] })).rejects.toMatchObject({
      code: 'RANGE_PORT_TAKEN',
    });
    const { url } = await range.open(builtIn, { fresh: true, faults: [] });
    expect(url).not.toBe(first.environment.url);
  });
});
