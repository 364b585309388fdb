import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AppError } from '../../shared/errors/app-error.js';
import { losesOutcome } from '../../shared/errors/error-texts.js';
import { stringify } from 'yaml';
import type { Runbook } from '../../shared/runbook/schema.js';
import { askRegistry, lookForTargets } from '../../main/runs/decision-desk.js';
import { labRunbook } from '../unit/shared/plan/fleet-runbook.js';
import { LabRun, runbookOf } from './lab-run.js';
import { sweep } from './replace-settings.js';
import { createDockerAdapter } from '../../main/connections/docker-adapter.js';
import { readRegistryLogin } from '../../main/connections/registry-login.js';
import { listRegistryTargets } from '../../main/steps/docker/registry-targets.js';
import { actingKindOf } from '../../main/steps/registry.js';
import type { StepContext } from '../../main/steps/step-kind.js';
import { FakeHttp } from '../fakes/fake-http.js';
import { MemoryVault } from '../fakes/memory-vault.js';
import { CutEngine } from './cut-engine.js';
import { dockerCommand, realEngine } from './real-engine.js';
import { SmallRegistry } from './small-registry.js';
import { noDatabase } from '../fakes/no-database.js';

const { signal } = new AbortController();
let registry: SmallRegistry;
let folder: string;
let emitted: string[];
const loaded: string[] = [];

beforeEach(async () => {
  registry = new SmallRegistry();
  await registry.open();
  folder = await mkdtemp(path.join(os.tmpdir(), 'lastgood-docker-config-'));
  emitted = [];
  await logIn();
});
afterEach(async () => {
  await registry.close();
  await rm(folder, { recursive: true });
  for (const reference of loaded.splice(0)) {
    await dockerCommand('image', 'rm', '--force', reference).catch(() => '');
  }
});

async function writeConfig(config: object): Promise<void> {
  await writeFile(path.join(folder, 'config.json'), JSON.stringify(config));
}

async function logIn(password = registry.login.password): Promise<void> {
  const auth = Buffer.from(`${registry.login.username}:${password}`).toString('base64');
  await writeConfig({ auths: { [registry.address]: { auth } } });
}

function connections(socket = realEngine().socket): StepContext['connections'] {
  const port = createDockerAdapter(socket);
  const environment = { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` };
  return {
    docker: () => port,
    host: () => {
      throw new Error('No host is needed here.');
    },
    swarm: () => {
      throw new Error('No swarm is needed here.');
    },
    http: new FakeHttp(),
    ...noDatabase,
    registryLogin: (repository) => readRegistryLogin(repository, { folder, environment }),
  };
}

function pull(image: string, socket?: string) {
  loaded.push(image);
  const context: StepContext = {
    connections: connections(socket),
    vault: new MemoryVault(),
    signal,
    emit: (line) => emitted.push(line),
    kept: () => Promise.resolve(),
    delay: () => Promise.resolve(),
    foreseen: null,
  };
  const params = { engine: 'docker', image };
  const kind = actingKindOf('docker.pull');
  return {
    observe: () => kind.observe(params, context, null),
    undo: (wasThere: boolean) => kind.undo(params, { wasThere }, context),
    run: async () => {
      const before = await kind.capture(params, context);
      await kind.act(params, before, context);
      return kind.verify(params, before, context);
    },
  };
}

test('finds what only the registry has, loads it layer by layer with the user’s own login, and takes it back', async () => {
  const digest = registry.offer('v1.0.0', 'one');
  const place = { engine: 'docker', repository: registry.repository, tags: ['v1.0.0'] };
  const [target] = await listRegistryTargets(connections(), place, [], signal);
  expect(target).toMatchObject({
    id: `${registry.repository}@${digest}`,
    version: 'v1.0.0',
    digest,
  });

  const step = pull(target?.id ?? '');
  expect(await step.observe()).toMatchObject({ isDone: false });
  expect(await step.run()).toContain('is on the engine as');
  expect(await step.observe()).toMatchObject({ isDone: true });
  expect(emitted.join('\n')).toMatch(/^[0-9a-f]{12}: Pull complete$/m);
  expect(emitted.join('\n')).not.toContain(registry.login.password);
  expect(await step.undo(false)).toContain('Removed');
  expect(await step.observe()).toMatchObject({ isDone: false });
});

test.each(['before', 'during', 'after'] as const)(
  'a line that breaks %s the engine loads it leaves an outcome to look at, and what is seen is what is there',
  async (when) => {
    const cuts = new CutEngine(realEngine().socket);
    await cuts.open();
    try {
      const image = `${registry.repository}@${registry.offer('v1.0.0', `broken ${when}`)}`;
      const step = pull(image, cuts.socket);
      cuts.arm({ after: 0, kind: 'change', when });
      const failed: unknown = await step.run().catch((thrown: unknown) => thrown);
      expect(cuts.broken).toMatch(/^POST .*\/images\/create/);
      expect(failed instanceof AppError && losesOutcome(failed.code)).toBe(true);

      const isThere = await dockerCommand('image', 'inspect', image).then(Boolean, () => false);
      expect(await step.observe()).toMatchObject({ isDone: isThere });
      // Asked for once more, the engine loads what is missing and nothing twice.
      expect(await step.run()).toContain('is on the engine as');
      const format = ['--format', '{{json .RepoDigests}}'];
      const digests = await dockerCommand('image', 'inspect', ...format, image);
      expect(JSON.parse(digests)).toEqual([image]);
    } finally {
      cuts.close();
    }
  },
);

test('loads what was chosen, also after its tag has moved on', async () => {
  const digest = registry.offer('v1.0.0', 'one');
  const chosen = `${registry.repository}@${digest}`;
  registry.offer('v1.0.0', 'two');
  await pull(chosen).run();
  const env = await dockerCommand('image', 'inspect', '--format', '{{.Config.Env}}', chosen);
  expect(env).toContain('CONTENT=one');
});

test('asks the credential helper that the configuration names', async () => {
  const { username, password } = registry.login;
  const helper = path.join(folder, 'docker-credential-lab');
  const answer = JSON.stringify({ Username: username, Secret: password });
  await writeFile(
    helper,
    `#!/bin/sh\nread server\n[ "$server" = "${registry.address}" ] && echo '${answer}'\n`,
  );
  await chmod(helper, 0o755);
  await writeConfig({ auths: {}, credHelpers: { [registry.address]: 'lab' } });
  const digest = registry.offer('v1.0.0', 'helped');
  expect(await pull(`${registry.repository}@${digest}`).run()).toContain('is on the engine');
});

test('says that the helper cannot be run, or that the configuration is not one, before the registry is asked', async () => {
  const image = `${registry.repository}@${registry.offer('v1.0.0', 'one')}`;
  const code = { code: 'DOCKER_LOGIN_UNREADABLE' };
  await writeConfig({ credsStore: 'that-is-not-there' });
  await expect(pull(image).run()).rejects.toMatchObject(code);
  await writeConfig({ credsStore: '../../bin/sh' });
  await expect(pull(image).run()).rejects.toMatchObject(code);
  await writeFile(path.join(folder, 'config.json'), 'not JSON');
  await expect(pull(image).run()).rejects.toMatchObject(code);
  await rm(path.join(folder, 'config.json'));
  await mkdir(path.join(folder, 'config.json'));
  await expect(pull(image).run()).rejects.toMatchObject(code);
});

test('says what the registry said: no such image, a wrong login, a layer that breaks off', async () => {
  const image = `${registry.repository}@${registry.offer('v1.0.0', 'broken')}`;
  const missing = pull(`${registry.repository}@sha256:${'0'.repeat(64)}`).run();
  await expect(missing).rejects.toMatchObject({
    message: expect.stringContaining('unknown') as string,
  });
  registry.isBroken = true;
  await expect(pull(image).run()).rejects.toMatchObject({ code: 'DOCKER_PULL_FAILED' });
  await logIn('wrong');
  const refused = await pull(image)
    .run()
    .then(String, (thrown: unknown) => thrown);
  expect(String(refused)).toMatch(/no basic auth|unauthorized|denied/);
  expect(String(refused)).not.toContain('wrong');
});

test('lists a tag that cannot be asked for with the reason, and hides nothing', async () => {
  registry.offer('v1.0.0', 'one');
  const place = {
    engine: 'docker',
    repository: registry.repository,
    tags: ['v1.0.0', 'v0.9'],
  };
  const targets = await listRegistryTargets(connections(), place, [], signal);
  expect(targets.map(({ version, problem }) => [version, problem === undefined])).toEqual([
    ['v1.0.0', true],
    ['v0.9', false],
  ]);
});

/** The lab’s runbook with the registry and the step that loads from it. */
function loadingRunbook(
  container: string,
  registryName: string,
  repository = 'lab-service',
): Runbook {
  const runbook = labRunbook();
  const [procedure] = runbook.procedures;
  const [environment] = runbook.environments;
  const pullStep = {
    ...{ id: 'load-image', title: 'Load image', kind: 'docker.pull', estimateSeconds: 5 },
    with: { engine: 'docker', image: '{{target.id}}' },
  };
  const targets = { ...procedure!.targets, registry: '{{registry}}', repository };
  const steps = [pullStep, ...procedure!.steps];
  const engines = [{ name: 'docker', kind: 'docker', socket: realEngine().socket }];
  const variables = { container, registry: registryName };
  return runbookOf(
    stringify({
      ...runbook,
      procedures: [{ ...procedure, targets, steps }],
      environments: [{ ...environment, engines, variables }],
    }),
  );
}

test('asks the registry only when the operator does, says before that the login goes there, and loads before anything is stopped', async () => {
  vi.stubEnv('DOCKER_CONFIG', folder);
  const name = `lastgood-load-${path.basename(folder).slice(-6).toLowerCase()}`;
  const digest = registry.offer('v0.9.0', 'kept in the registry');
  loaded.push(`${registry.repository}@${digest}`);
  await dockerCommand('run', '--detach', '--name', name, 'lab-service:v1.2.0');
  const run = await LabRun.begin(loadingRunbook(name, registry.repository));
  const { live } = run;
  try {
    await lookForTargets(live);
    expect(registry.asked).toEqual([]);

    const targets = await askRegistry(live, ['v0.9.0']);
    expect(targets.find(({ version }) => version === 'v0.9.0')?.digest).toBe(digest);
    expect(live.state.notes.at(-1)?.text).toContain('with the login of this operator’s own');
    expect(registry.asked.some((one) => one.startsWith('with login'))).toBe(true);
    // Looking again asks nobody, and what the registry was found to have stays.
    const asked = registry.asked.length;
    expect((await lookForTargets(live)).map(({ version }) => version)).toContain('v0.9.0');
    expect(registry.asked).toHaveLength(asked);

    await run.order('v0.9.0');
    expect(live.state.steps.map(({ plan }) => plan.id).slice(0, 2)).toEqual([
      'load-image',
      'find-target',
    ]);
    await run.approve();
    await run.approve();
    expect(run.focus).toMatchObject({ id: 'stop', status: 'pending' });
    expect(await dockerCommand('inspect', '--format', '{{.State.Running}}', name)).toBe('true');
    await run.rollForward();
    expect(live.state.phase).toBe('rolled-forward');
    await expect(dockerCommand('image', 'inspect', loaded.at(-1)!)).rejects.toThrow();
  } finally {
    await run.end();
    await sweep(name);
    vi.unstubAllEnvs();
  }
});

test('plans nothing to load for a version that the engine has, and changes nothing where that has vanished since', async () => {
  const name = `lastgood-load-${path.basename(folder).slice(-6).toLowerCase()}`;
  const gone = `${name}:v1.0.9`;
  await dockerCommand('run', '--detach', '--name', name, 'lab-service:v1.2.0');
  await dockerCommand('commit', '--change', 'LABEL gone=soon', name, gone);
  const runbook = loadingRunbook(name, registry.repository, name);
  const run = await LabRun.prepare(runbook, 'v1.0.9');
  try {
    expect(run.live.state.steps[0]?.plan.id).toBe('find-target');
    expect(registry.asked).toEqual([]);
    await dockerCommand('image', 'rm', gone);
    const seen = () =>
      dockerCommand('ps', '--all', '--filter', `name=${name}`, '--format', '{{.Names}} {{.State}}');

    await run.approve();

    expect(run.focus).toEqual({
      ...{ id: 'find-target', status: 'failed', error: 'DOCKER_IMAGE_MISSING' },
    });
    expect(await seen()).toBe(`${name} running`);
  } finally {
    await run.end();
    await sweep(name);
  }
});
