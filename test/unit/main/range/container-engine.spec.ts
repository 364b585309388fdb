import { describe, expect, it } from 'vitest';
import { dockerTargetsOf } from '../../../fakes/docker-targets.js';
import { builtIn, createFrom, openPractice, until } from './practice.js';
import type { Answer, Body, Practice } from './practice.js';

const { service, practice } = builtIn;
const healthy = `${dockerTargetsOf(builtIn).repository}:${practice.healthy[0]!}`;

const create = (world: Practice, name: string, body: object = {}): Promise<Answer> =>
  world.engine('POST', `/containers/create?name=${name}`, { Image: healthy, ...body });

describe('the practice engine', () => {
  it('refuses versions of its interface that it does not speak, and paths it does not know', async () => {
    const { engine } = await openPractice();

    const tooNew = await engine('GET', '/v1.99/_ping');
    expect(tooNew.status).toBe(400);
    expect(tooNew.json.message).toContain('too new');
    expect((await engine('GET', '/v1.10/_ping')).status).toBe(400);
    expect(await engine('GET', '/v1.43/plugins')).toMatchObject({
      status: 404,
      json: { message: 'page not found' },
    });
  });

  it('answers 304 for what is so already and 409 for what cannot be', async () => {
    const world = await openPractice();
    await create(world, 'one');

    expect((await world.engine('POST', '/containers/one/stop')).status).toBe(304);
    expect((await world.engine('POST', '/containers/one/start')).status).toBe(204);
    expect((await world.engine('POST', '/containers/one/start')).status).toBe(304);
    expect((await world.engine('DELETE', '/containers/one')).status).toBe(409);
    expect((await world.engine('POST', `/containers/one/rename?name=${service.name}`)).status).toBe(
      409,
    );
    expect((await world.engine('DELETE', '/containers/one?force=1')).status).toBe(204);
    expect((await world.engine('POST', '/containers/one/kill')).status).toBe(404);
  });

  it('refuses what it cannot understand', async () => {
    const world = await openPractice();
    const status = async (body: object): Promise<number> =>
      (await create(world, 'bad', body)).status;

    expect(await status({ Env: 'A=1' })).toBe(400);
    expect(await status({ Image: '' })).toBe(400);
    expect(await status({ HostConfig: { PortBindings: 3000 } })).toBe(400);
    expect((await create(world, '-wrong-name')).status).toBe(400);
    expect((await world.engine('POST', `/containers/${service.name}/stop?t=soon`)).status).toBe(
      400,
    );
    expect(
      (await world.engine('POST', `/containers/${service.name}/kill?signal=NONSENSE`)).status,
    ).toBe(400);
    expect((await world.engine('GET', '/images/json?filters=nonsense')).status).toBe(400);
    expect((await world.engine('GET', `/containers/${service.name}/logs`)).status).toBe(400);
  });

  it('fills in the image’s own settings and keeps what was given', async () => {
    const world = await openPractice();
    await create(world, 'made', {
      Env: ['COLOUR=blue', 'SERVICE_VERSION=own'],
      Labels: { mine: 'yes' },
      HostConfig: {
        Binds: ['data:/app/data:ro'],
        Memory: 1_000_000,
        Ulimits: [{ Name: 'nofile', Soft: 1 }],
      },
    });

    const { json } = await world.engine('GET', '/containers/made/json');

    expect(json.Config.Env).toEqual([
      'COLOUR=blue',
      'SERVICE_VERSION=own',
      expect.stringMatching(/^PATH=/),
    ]);
    expect(json.Config.Labels).toMatchObject({
      mine: 'yes',
      'org.opencontainers.image.version': practice.healthy[0],
    });
    expect(json.Config.Cmd).toEqual(['node', 'server.js']);
    expect(json.HostConfig).toMatchObject({
      Memory: 1_000_000,
      Ulimits: [{ Name: 'nofile', Soft: 1 }],
      RestartPolicy: { Name: 'no' },
    });
    expect(json.Mounts).toEqual([
      expect.objectContaining({
        Type: 'volume',
        Name: 'data',
        Destination: '/app/data',
        RW: false,
      }),
    ]);
  });

  it('gives the serving container settings that are worth carrying over, a secret among them', async () => {
    const world = await openPractice();

    const { json } = await world.engine('GET', `/containers/${service.name}/json`);

    expect(json.Config.Env).toContainEqual(expect.stringMatching(/^API_TOKEN=[0-9a-f]{48}$/));
    expect(json.HostConfig).toMatchObject({
      RestartPolicy: { Name: 'unless-stopped' },
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m' } },
      PortBindings: {
        [`${service.port}/tcp`]: [{ HostPort: new URL(world.environment.url).port }],
      },
    });
    expect(json.Mounts[0]).toMatchObject({ Type: 'volume', Name: `${service.name}-data` });
  });

  it('lets only one running container have a host port', async () => {
    const world = await openPractice();
    await createFrom(world, healthy);

    const refused = await world.engine('POST', '/containers/replacement/start');

    expect(refused.status).toBe(500);
    expect(refused.json.message).toMatch(
      /driver failed programming external connectivity.*port is already allocated/,
    );
    expect((await world.engine('GET', '/containers/replacement/json')).json.State.ExitCode).toBe(
      128,
    );
  });

  it('removes a container that removes itself, and tells those who wait', async () => {
    const world = await openPractice();
    await create(world, 'brief', { HostConfig: { AutoRemove: true } });
    await world.engine('POST', '/containers/brief/start');
    const waiting = world.engine('POST', '/containers/brief/wait?condition=removed');

    expect((await world.engine('POST', '/containers/brief/kill?signal=SIGTERM')).status).toBe(204);

    expect((await waiting).json).toMatchObject({ StatusCode: 0 });
    expect((await world.engine('GET', '/containers/brief/json')).status).toBe(404);
  });

  it('restarts, and keeps a container’s id, name and log', async () => {
    const world = await openPractice();
    const before = await world.engine('GET', `/containers/${service.name}/json`);

    expect((await world.engine('POST', `/containers/${service.name}/restart?t=5`)).status).toBe(
      204,
    );

    const after = await world.engine('GET', `/containers/${before.json.Id.slice(0, 12)}/json`);
    expect(after.json.Name).toBe(`/${service.name}`);
    expect(after.json.State.StartedAt).not.toBe(before.json.State.StartedAt);
    await until(world.service, (answer) => answer !== null);
  });

  it('tells what happened, in order, to those who ask later', async () => {
    const world = await openPractice();
    await create(world, 'told');
    await world.engine('POST', '/containers/told/start');
    await world.engine('POST', '/containers/told/stop');
    await world.engine('DELETE', '/containers/told');

    const filters = encodeURIComponent(
      JSON.stringify({ container: ['told'], type: { container: true } }),
    );
    const later = await until(
      () =>
        world.engine(
          'GET',
          `/events?since=1&until=${(Date.now() / 1_000).toFixed(3)}&filters=${filters}`,
        ),
      (answer) => answer.text.includes('destroy'),
    );

    const actions = later.text
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as Body).Action);
    expect(actions).toEqual(['create', 'start', 'kill', 'die', 'stop', 'destroy']);
  });

  it('moves names from image to image, and removes images that nobody uses', async () => {
    const world = await openPractice();
    const spare = `${dockerTargetsOf(builtIn).repository}:${practice.healthy[1]!}`;
    const [repository = ''] = spare.split(':');

    expect(
      (await world.engine('POST', `/images/${spare}/tag?repo=${repository}&tag=latest`)).status,
    ).toBe(201);
    const latest = await world.engine('GET', `/images/${repository}/json`);
    expect(latest.json.RepoTags).toContain(spare);
    expect((await world.engine('DELETE', `/images/${repository}:${practice.sick}`)).status).toBe(
      409,
    );
    expect((await world.engine('DELETE', `/images/${healthy}`)).status).toBe(200);
    expect((await world.engine('GET', `/images/${healthy}/json`)).status).toBe(404);
  });
});
