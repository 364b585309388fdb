import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createConnectionPool } from '../../../main/connections/connection-pool.js';
import type { ConnectionPool } from '../../../main/connections/connection-pool.js';
import type { HostJob, ToolPlace } from '../../../main/connections/ports.js';
import { createSshHosts } from '../../../main/connections/ssh-hosts.js';
import type { EngineAddress } from '../../../shared/runbook/environment-schema.js';
import { never, Notes } from '../../contract/host-world.js';
import { writeDockerContext } from '../docker-contexts.js';
import { makeKey, publicLine, startSshd } from '../private-sshd.js';
import type { PrivateSshd } from '../private-sshd.js';
import { SshDesk } from '../ssh-desk.js';
import type { ContainerLab } from './container-lab.js';
import { scriptAtPlace } from './script-at-place.js';

type Way = Omit<EngineAddress, 'name' | 'kind'>;

const desk = new SshDesk();
const pools: ConnectionPool[] = [];
const ports = new Map<string, number>();
let lab: ContainerLab;
let sshd: PrivateSshd;
let noForwarding: PrivateSshd;

const straight = (): Way => ({ socket: lab.engine.socket });
const overSsh = (): Way => ({ ssh: 'app-1', socket: lab.engine.socket });

/** A console: its database is in the container, and so are the programs. */
function consoleOver(way: Way, server = sshd, container = 'ways'): ConnectionPool {
  vi.stubEnv('HOME', desk.home);
  const tools = [{ container, engine: 'docker', reaches: 'localhost:5432' }];
  const port = ports.get(container) ?? 0;
  const database = { name: 'main', host: '127.0.0.1', port, database: 'tradewizard', user: 'app' };
  const hosts = createSshHosts({
    questions: desk.operator,
    place: desk.place,
    platform: process.platform,
    pins: { check: () => Promise.resolve() },
    configFile: desk.configFile,
  });
  const pool = createConnectionPool(
    {
      name: 'staging',
      tier: 'staging',
      url: 'http://127.0.0.1:1',
      engines: [{ name: 'docker', kind: 'docker', ...way }],
      hosts: [
        {
          name: 'app-1',
          client: 'built-in',
          address: `${desk.place.userName}@127.0.0.1:${String(server.port)}`,
        },
      ],
      variables: {},
      databases: [{ ...database, tools }],
    },
    Object.assign(hosts, { givenPasswords: new Map([['main', lab.passwords.app]]) }),
  );
  pools.push(pool);
  return pool;
}

const placeOver = (...given: Parameters<typeof consoleOver>): Promise<ToolPlace> =>
  consoleOver(...given)
    .connections.databaseTools('main')
    .place(never);

async function jobIn(
  { programs, connection }: ToolPlace,
  runId: string,
  script: string,
): Promise<HostJob> {
  const text = scriptAtPlace(connection, script)
    .replaceAll('PG_DUMP', programs.pg_dump.path)
    .replaceAll('PG_RESTORE', programs.pg_restore.path);
  const parts = [{ name: 'work', script: text }];
  const secrets = await connection.secrets(never);
  return { id: { runId, name: 'work' }, as: 'login', parts, secrets };
}

/** Programs in a container of `labOf()`, over every way to its engine, and consoles that are lost meanwhile. */
export function describeContainerWays(labOf: () => ContainerLab): void {
  beforeAll(async () => {
    lab = labOf();
    ports.set('ways', await lab.run('ways'));
    const key = makeKey(desk.file('id_ed25519'));
    desk.configure('Host 127.0.0.1', `IdentityFile ${key}`, 'IdentitiesOnly yes');
    const authorized = [`${key}.pub`];
    sshd = await startSshd({ authorized });
    noForwarding = await startSshd({ authorized, lines: ['AllowStreamLocalForwarding no'] });
    desk.know(
      ...[sshd, noForwarding].map(
        (one) => `[127.0.0.1]:${String(one.port)} ${publicLine(one.hostKeys[0]!)}`,
      ),
    );
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await Promise.all(pools.splice(0).map((pool) => pool.close()));
  });
  afterAll(async () => {
    await sshd.stop();
    await noForwarding.stop();
    await desk.close();
  });

  describeDumps();
  describeRestores();
  describeKeepingApart();
}

function describeDumps(): void {
  describe('a dump in a container', () => {
    test.each<readonly [string, () => Way, () => PrivateSshd]>([
      ['a socket', straight, () => sshd],
      [
        'encrypted TCP',
        () => {
          const { certificates, port } = lab.tls;
          const { ca, client } = certificates;
          return { tcp: `localhost:${String(port)}`, tls: { ca, ...client } };
        },
        () => sshd,
      ],
      ['SSH', overSsh, () => sshd],
      ['SSH where the host forwards no sockets', overSsh, () => noForwarding],
      [
        'a context that names an SSH address',
        () => {
          const Host = `ssh://${desk.place.userName}@127.0.0.1:${String(sshd.port)}${lab.engine.socket}`;
          writeDockerContext(desk.home, 'lab', { Host });
          return { context: 'lab' };
        },
        () => sshd,
      ],
    ])('is made over %s, and its files go by name', async (name, way, server) => {
      const place = await placeOver(way(), server());
      expect(place).toMatchObject({ kind: 'container', survivesLaptop: true });
      const runId = `ways-${name.replaceAll(' ', '-')}`;
      const notes = new Notes();
      const job = await jobIn(place, runId, 'PG_DUMP -Fc -w | head -c 5; echo');
      const state = await place.host.run(job, notes, never);

      expect([state.status, notes.lines, notes.errors]).toEqual(['ended', ['PGDMP'], []]);
      expect(await place.host.cleanUp(runId, never)).toHaveLength(1);
    });
  });
}

function describeRestores(): void {
  describe('a restore in a container', () => {
    const dump = () => join(lab.folder, 'old.dump');
    const restore = () =>
      `PG_RESTORE -w -d tradewizard --clean --if-exists --no-owner --single-transaction --exit-on-error '${dump()}'; code=$?; echo "restored $code"; exit $code`;
    /** The restore waits for this lock, so that something can happen in its middle. */
    async function holding(): Promise<() => Promise<void>> {
      const session = `begin; lock table markets; select pg_sleep(600)`;
      const application = ['-e', 'PGAPPNAME=holder', '-d', 'ways', 'psql', '-h', '/tmp'];
      await lab.engine.docker(
        ...['exec', ...application, '-U', 'postgres', '-d', 'tradewizard', '-c', session],
      );
      await expect
        .poll(() =>
          lab.sql(
            'ways',
            `select count(*) from pg_locks l join pg_class c on c.oid = l.relation where c.relname = 'markets' and l.granted and l.mode = 'AccessExclusiveLock'`,
          ),
        )
        .toBe('1');
      return async () => {
        await lab.sql(
          'ways',
          `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'holder'`,
        );
      };
    }
    const isWaiting = () =>
      lab.sql(
        'ways',
        `select count(*) from pg_stat_activity where application_name = 'lastgood' and wait_event_type = 'Lock'`,
      );
    const rows = () => lab.sql('ways', 'select count(*) from agent_signals');
    const begun = async (runId: string) => {
      const letGo = await holding();
      const place = await placeOver(overSsh());
      const running = place.host.run(await jobIn(place, runId, restore()), new Notes(), never);
      const settled = running.then(
        () => 'ended',
        () => 'lost',
      );
      await expect.poll(isWaiting, { timeout: 20_000 }).toBe('1');
      return { letGo, settled };
    };

    beforeAll(async () => {
      const words = ['pg_dump', '-h', '/tmp', '-U', 'app', '-Fc', '-f', dump(), 'tradewizard'];
      await lab.engine.docker('exec', 'ways', ...words);
    });

    test('goes on when its console is lost, tells another one its true end, and shows no password anywhere', async () => {
      const before = await rows();
      await lab.sql('ways', 'delete from agent_signals where id < 100');
      const { letGo, settled } = await begun('lost-console');
      await pools.pop()?.close();
      const seen = await everythingTheEngineShows();
      expect(seen).toContain('waitpid');
      expect(seen).not.toContain(lab.passwords.app);

      const notes = new Notes();
      const { host } = await placeOver(straight());
      const picked = host.pickUp({ runId: 'lost-console', name: 'work' }, notes, never);
      await letGo();

      expect(await picked).toMatchObject({ status: 'ended', parts: [{ exitCode: 0 }] });
      expect(notes.lines).toEqual(['restored 0']);
      expect(await rows()).toBe(before);
      expect(['ended', 'lost']).toContain(await settled);
      expect(await host.cleanUp('lost-console', never)).toHaveLength(1);
      expect(await everythingTheEngineShows()).not.toContain(lab.passwords.app);
    });

    test('is cancelled as a whole without the server noticing more than one session that ends', async () => {
      await lab.sql('ways', 'delete from agent_signals where id < 200');
      const before = await rows();
      const started = await lab.sql('ways', 'select pg_postmaster_start_time()');
      const { letGo, settled } = await begun('cancelled');
      const { host } = await placeOver(straight());
      const ended = await host.cancel({ runId: 'cancelled', name: 'work' }, never);

      expect(ended).toMatchObject({
        status: 'ended',
        parts: [{ status: 'failed', exitCode: 143 }],
      });
      await letGo();
      expect(await settled).toBe('ended');
      expect(await rows()).toBe(before);
      expect(await host.cleanUp('cancelled', never)).toHaveLength(1);
      await Promise.all(pools.splice(0).map((pool) => pool.close()));
      await expect.poll(() => lab.foreign('ways'), { timeout: 20_000 }).toEqual([]);
      expect(await lab.sql('ways', 'select pg_postmaster_start_time()')).toBe(started);
      expect(lab.hasNeverCrashed('ways')).toBe(true);
    });

    /** Its own files of every container and program, its log, and the container's. */
    async function everythingTheEngineShows(): Promise<string> {
      const inspected = await lab.engine.docker('inspect', 'ways');
      const [, list = ''] = /"ExecIDs": \[([^\]]*)\]/.exec(inspected) ?? [];
      const execs = [...list.matchAll(/[0-9a-f]{64}/g)].map(([id]) => lab.ask(`/exec/${id}/json`));
      return [inspected, ...execs, readFileSync(lab.engine.log, 'utf8'), lab.logs('ways')].join(
        '\n',
      );
    }
  });
}

function describeKeepingApart(): void {
  test('where nothing can keep work apart from the server, none is begun and it is said what to do', async () => {
    ports.set('bare', await lab.run('bare', '--volume', '/dev/null:/usr/bin/perl'));
    await expect(placeOver(straight(), sshd, 'bare')).rejects.toMatchObject({
      code: 'DATABASE_TOOLS_MISSING',
      message: expect.stringMatching(
        /bare on docker: PostgreSQL is the first process.*init: true/,
      ) as string,
    });
    expect(lab.hasNeverCrashed('bare')).toBe(true);
  });

  test('with an init of its own a container needs nothing else', async () => {
    ports.set('kept', await lab.run('kept', '--init', '--volume', '/dev/null:/usr/bin/perl'));
    const place = await placeOver(straight(), sshd, 'kept');
    const job = await jobIn(place, 'with-init', 'PG_DUMP -Fc -w | head -c 5; echo');
    const notes = new Notes();
    await place.host.run(job, notes, never);
    expect(notes.lines).toEqual(['PGDMP']);
  });
}
