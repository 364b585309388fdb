import { describe, expect, it } from 'vitest';
import { dockerTargetsOf } from '../../../fakes/docker-targets.js';
import { RangeFault, rangeFaultTexts } from '../../../../shared/drill/faults.js';
import { builtIn, createFrom, openPractice, until } from './practice.js';
import type { Practice } from './practice.js';

const { service, practice } = builtIn;
const repository = dockerTargetsOf(builtIn).repository;
const healthy = `${repository}:${practice.healthy[0]!}`;

const stop = (world: Practice): Promise<{ status: number }> =>
  world.engine('POST', `/containers/${service.name}/stop?t=60`);
const inspect = async (world: Practice, name: string) =>
  (await world.engine('GET', `/containers/${name}/json`)).json;

describe('a fault', () => {
  it('has a title and one line that says what it does', () => {
    for (const name of RangeFault.options) {
      expect(rangeFaultTexts[name].title).not.toBe('');
      expect(rangeFaultTexts[name].text).toMatch(/\.$/);
    }
  });

  it('image-missing: is on offer and can be looked up by its id, but not under its name when work begins', async () => {
    const world = await openPractice(['image-missing']);
    const listed = await world.engine('GET', '/images/json');
    const { Id: id } = listed.list.find(({ RepoTags }) => RepoTags.includes(healthy))!;
    expect((await world.engine('GET', `/images/${id}/json`)).status).toBe(200);

    const found = await world.engine('GET', `/images/${healthy}/json`);

    expect(found).toMatchObject({ status: 404, json: { message: `No such image: ${healthy}` } });
    expect((await createFrom(world, id)).status).toBe(404);
    expect((await inspect(world, service.name)).State.Status).toBe('running');
    expect(
      (await world.engine('GET', `/images/${repository}:${practice.healthy[1]!}/json`)).status,
    ).toBe(200);
  });

  it('engine-unreachable: takes the order to stop, is silent for a while, and comes back', async () => {
    const world = await openPractice(['engine-unreachable']);

    await expect(stop(world)).rejects.toThrow();
    await expect(world.engine('GET', '/_ping')).rejects.toThrow();

    const back = await until(
      () => inspect(world, service.name).catch(() => null),
      (found) => found !== null,
    );
    expect(back?.State).toMatchObject({ Status: 'exited', ExitCode: 0 });
    expect((await world.engine('POST', `/containers/${service.name}/start`)).status).toBe(204);
    expect((await stop(world)).status).toBe(204);
  });

  it('name-taken: somebody else has the name, until they clear it away', async () => {
    const world = await openPractice(['name-taken']);

    const refused = await createFrom(world, healthy);

    expect(refused.status).toBe(409);
    expect(refused.json.message).toMatch(
      /^Conflict\. The container name "\/replacement" is already in use/,
    );
    expect((await inspect(world, 'replacement')).Config.Image).not.toContain(repository);
    await until(
      () => world.engine('GET', '/containers/replacement/json'),
      ({ status }) => status === 404,
    );
    expect((await createFrom(world, healthy)).status).toBe(201);
  });

  it('port-taken: the first start fails and leaves the container as it was, the second goes well', async () => {
    const world = await openPractice(['port-taken']);
    await createFrom(world, healthy);
    await stop(world);

    const refused = await world.engine('POST', '/containers/replacement/start');

    expect(refused.status).toBe(500);
    expect(refused.json.message).toMatch(/port is already allocated$/);
    expect((await inspect(world, 'replacement')).State.Status).toBe('created');
    expect((await world.engine('POST', '/containers/replacement/start')).status).toBe(204);
  });

  it('port-taken: does not strike again after the console was started anew', async () => {
    const world = await openPractice(['port-taken']);
    await createFrom(world, healthy);
    await stop(world);
    await world.engine('POST', '/containers/replacement/start');
    await world.range.close();

    const again = await openPractice(['port-taken'], { folder: world.folder, fresh: false });

    expect((await again.engine('POST', '/containers/replacement/start')).status).toBe(204);
  });

  it('ignores-stop: is killed when its grace is over', async () => {
    const world = await openPractice(['ignores-stop']);

    expect((await world.engine('POST', `/containers/${service.name}/stop?t=1`)).status).toBe(204);

    expect((await inspect(world, service.name)).State).toMatchObject({
      Status: 'exited',
      ExitCode: 137,
    });
  });

  it('never-healthy: the target runs and answers, and never says that it is well', async () => {
    const world = await openPractice(['never-healthy']);
    await createFrom(world, healthy);
    await stop(world);
    await world.engine('POST', '/containers/replacement/start');

    expect((await until(world.service, (answer) => answer !== null))?.status).toBe(503);
    const unhealthy = await until(
      () => inspect(world, 'replacement'),
      ({ State }) => State.Health.Status === 'unhealthy',
    );
    expect(unhealthy.State.Running).toBe(true);
  });

  it('slow: the same things happen, only later', async () => {
    const world = await openPractice(['slow']);
    await createFrom(world, healthy);
    await stop(world);
    await world.engine('POST', '/containers/replacement/start');

    await until(world.service, (answer) => answer?.status === service.health.status);
  });
});
