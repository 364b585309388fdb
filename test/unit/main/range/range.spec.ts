import { describe, expect, it } from 'vitest';
import { dockerTargetsOf } from '../../../fakes/docker-targets.js';
import { Environment } from '../../../../shared/runbook/environment-schema.js';
import { parcelText, soundRunbook } from '../runbooks/runbook-files.js';
import { builtIn, createFrom, openPractice, until } from './practice.js';
import type { Practice } from './practice.js';

const { service, practice } = builtIn;
const repository = dockerTargetsOf(builtIn).repository;
const healthy = `${repository}:${practice.healthy[0]!}`;

const healthOf = async (world: Practice): Promise<number | null> =>
  (await world.service())?.status ?? null;
const logOf = async (world: Practice, name: string): Promise<string> =>
  (await world.engine('GET', `/containers/${name}/logs?stdout=1&stderr=1`)).text;

/** The two requests that take a container out of the way of its replacement. */
async function exchange(world: Practice): Promise<void> {
  expect((await createFrom(world, healthy)).status).toBe(201);
  expect((await world.engine('POST', `/containers/${service.name}/stop?t=60`)).status).toBe(204);
  expect((await world.engine('POST', '/containers/replacement/start')).status).toBe(204);
}

describe('an opened range', () => {
  it('is an environment like any other, on the local machine', async () => {
    const { environment } = await openPractice();

    expect(Environment.parse(environment)).toEqual(environment);
    expect(environment).toMatchObject({
      name: 'practice',
      tier: 'practice',
      variables: { container: service.name },
      watchSeconds: practice.watchSeconds,
    });
    expect(environment.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(Buffer.byteLength(environment.engines[0]!.socket!)).toBeLessThan(100);
  });

  it('serves the sick version, which fails about two requests in three and says so in its log', async () => {
    const world = await openPractice();

    const statuses: (number | null)[] = [];
    for (let count = 0; count < 30; count += 1) {
      statuses.push(await healthOf(world));
    }
    const good = statuses.filter((status) => status === service.health.status).length;
    expect(good).toBeGreaterThan(6);
    expect(good).toBeLessThan(15);
    expect(statuses.every((status) => status === service.health.status || status === 503)).toBe(
      true,
    );
    const log = await until(
      () => logOf(world, service.name),
      (text) => text.includes('ERROR'),
    );
    expect(log).toMatch(new RegExp(service.errorLine));
  });

  it('has a log from before it was opened, because the service has been running for two hours', async () => {
    const world = await openPractice();

    const { text } = await world.engine(
      'GET',
      `/containers/${service.name}/logs?stdout=1&stderr=1&timestamps=1`,
    );

    expect(text.split('\n').length).toBeGreaterThan(200);
    expect(text).toMatch(new RegExp(service.errorLine));
  });

  it('offers every version with its own image, the sick one also as latest', async () => {
    const world = await openPractice();

    const { list } = await world.engine('GET', '/v1.41/images/json');
    const named = list.filter(({ RepoTags }) => RepoTags[0]?.startsWith(`${repository}:`));
    expect(named.map(({ RepoTags }) => RepoTags)).toEqual([
      [`${repository}:latest`, `${repository}:${practice.sick}`],
      ...practice.healthy.map((version) => [`${repository}:${version}`]),
    ]);
    expect(named[1]?.Labels['org.opencontainers.image.version']).toBe(practice.healthy[0]);
  });

  it('cuts the line while the replacement starts and serves once it is up', async () => {
    // Slowly, so that the start-up cannot be missed.
    const world = await openPractice(['slow']);

    await exchange(world);

    expect(await world.service()).toBeNull();
    const answer = await until(world.service, (found) => found?.status === service.health.status);
    expect(answer?.json).toMatchObject(service.health.json);
    expect(Object.keys(answer?.json ?? {})).toEqual(expect.arrayContaining(service.health.show));
    const old = await world.engine('GET', `/containers/${service.name}/json`);
    expect(old.json.State).toMatchObject({ Status: 'exited', ExitCode: 0 });
    await until(
      () => world.engine('GET', '/containers/replacement/json'),
      ({ json }) => json.State.Health.Status === 'healthy',
    );
  });

  it('takes a trigger, and says in the log when its work is complete', async () => {
    const world = await openPractice();
    await exchange(world);
    await until(world.service, (answer) => answer !== null);

    expect((await world.service('POST', service.trigger!.path))?.status).toBe(202);
    expect((await world.service('GET', service.trigger!.path))?.status).toBe(405);
    expect((await world.service('GET', '/anything/else'))?.status).toBe(404);
    const log = await until(
      () => logOf(world, 'replacement'),
      (text) => new RegExp(service.trigger!.completesWith).test(text),
    );
    expect(log).not.toMatch(new RegExp(service.errorLine));
  });

  it('plays another service from its runbook alone', async () => {
    const runbook = soundRunbook(parcelText);
    const world = await openPractice([], { runbook });
    const { repository: other } = dockerTargetsOf(runbook);

    expect(world.environment.engines.map(({ name }) => name)).toEqual(['main-engine']);
    const created = await createFrom(world, `${other}:${runbook.practice.healthy[0]!}`);
    expect(created.status).toBe(201);
    await world.engine('POST', `/containers/${runbook.service.name}/stop`);
    await world.engine('POST', '/containers/replacement/start');
    const answer = await until(
      world.service,
      (found) => found?.status === runbook.service.health.status,
    );
    expect(answer?.json).toMatchObject({
      ...runbook.service.health.json,
      version: runbook.practice.healthy[0],
    });
  });

  it('gives nothing away after it is closed', async () => {
    const world = await openPractice();

    await world.range.close();

    expect(await world.service()).toBeNull();
    await expect(world.engine('GET', '/_ping')).rejects.toThrow();
  });

  it('refuses a runbook whose lines it cannot make up, before it opens anything', async () => {
    const trigger = { ...service.trigger!, completesWith: '(?=done)done' };

    await expect(
      openPractice([], { runbook: { ...builtIn, service: { ...service, trigger } } }),
    ).rejects.toMatchObject({ code: 'RANGE_RUNBOOK_UNFIT' });
  });
});
