import { setTimeout as sleep } from 'node:timers/promises';
import { actingKindOf } from '../../../../main/steps/registry.js';
import type { StepContext } from '../../../../main/steps/step-kind.js';
import { AppError } from '../../../../shared/errors/app-error.js';
import type { Json } from '../../../../shared/json.js';
import { FakeDocker } from '../../../fakes/fake-docker.js';
import { MemoryVault } from '../../../fakes/memory-vault.js';
import { FakeHttp } from '../../../fakes/fake-http.js';
import { noDatabase } from '../../../fakes/no-database.js';

export const healthUrl = 'http://localhost:3000/health';
export const health = {
  path: '/health',
  status: 200,
  json: { status: 'healthy' },
  show: ['version'],
};

/** A sick version that serves, a healthy one beside it, and a clock that runs a hundred times as fast. */
export async function createStepWorld() {
  const docker = new FakeDocker();
  const http = new FakeHttp();
  const stop = new AbortController();
  const vault = new MemoryVault();
  const emitted: string[] = [];
  const target = docker.addImage('web:v1.1.0', 'serves', { Env: ['APP_VERSION=1.1.0'] });
  const sick = docker.addImage('web:v1.2.0', 'serves', { Env: ['APP_VERSION=1.2.0'] });
  const { id: oldId } = await docker.create(
    'web',
    {
      Image: sick,
      Labels: { team: 'markets' },
      Env: ['API_KEY=s3cret'],
      HostConfig: {
        PortBindings: { '3000/tcp': [{ HostPort: '3000' }] },
        RestartPolicy: { Name: 'unless-stopped', MaximumRetryCount: 0 },
      },
      NetworkingConfig: { EndpointsConfig: { bridge: {} } },
    },
    stop.signal,
  );
  await docker.start(oldId, stop.signal);
  docker.changes.length = 0;

  const disk = { isFull: false };
  const context: StepContext = {
    connections: {
      swarm: () => {
        throw new Error('There is no swarm here.');
      },
      docker: (engine) => {
        if (engine !== 'docker') {
          throw new AppError('ENVIRONMENT_UNKNOWN', `There is no engine ${engine}.`);
        }
        return docker;
      },
      host: (name) => {
        throw new AppError('ENVIRONMENT_UNKNOWN', `There is no host ${name}.`);
      },
      http,
      registryLogin: () => Promise.resolve(null),
      ...noDatabase,
    },
    vault,
    signal: stop.signal,
    emit: (line) => emitted.push(line),
    kept: () =>
      disk.isFull
        ? Promise.reject(new AppError('LOG_NOT_KEPT', 'The log is not kept.'))
        : Promise.resolve(),
    delay: (milliseconds) =>
      sleep(milliseconds / 100, undefined, { signal: stop.signal }).catch(() => {
        throw new AppError('STEP_STOPPED', 'Stopped.');
      }),
    foreseen: null,
  };
  const where = { engine: 'docker', container: 'web' };
  const names = { keepAs: 'web-before', replacement: 'web-next', run: 'run-1' };
  const paramsOf: Readonly<Record<string, Json>> = {
    'docker.find-image': { engine: 'docker', reference: 'web:v1.1.0', imageId: target },
    'docker.create-replacement': {
      ...where,
      imageId: target,
      replacement: 'web-next',
      run: 'run-1',
    },
    'docker.pull': { engine: 'docker', image: `web@sha256:${'1'.repeat(64)}` },
    'docker.save-log': { ...where, tail: 50 },
    'docker.stop': { ...where, graceSeconds: 60 },
    'docker.swap-names': { ...where, ...names },
    'docker.start': { ...where, graceSeconds: 60 },
    'service.wait-healthy': { ...where, url: 'http://localhost:3000', health, timeoutSeconds: 30 },
    'docker.read-log': { ...where, tail: 50, errorLine: 'ERROR' },
    'service.check-health': { url: 'http://localhost:3000', health },
    'docker.check-settings': { ...where, kept: 'web-before' },
    'docker.check-log': { ...where, errorLine: 'ERROR', maxErrors: 0 },
  };
  const step = (kind: string, change: Record<string, Json> = {}) => {
    const params = { ...(paramsOf[kind] as object), ...change } as Json;
    const found = actingKindOf(kind);
    return {
      kind: found,
      observe: () => found.observe(params, context, null),
      foresee: () => found.foresee(params, context),
      capture: () => found.capture(params, context),
      act: (before: Json) => found.act(params, before, context),
      verify: (before: Json) => found.verify(params, before, context),
      undo: (before: Json) => found.undo(params, before, context),
      describe: () => found.describe(params),
      commands: () => found.commands(params),
      /** Captures, acts and verifies; gives back what undo needs. */
      run: async () => {
        const before = await found.capture(params, context);
        await found.act(params, before, context);
        return { before, summary: await found.verify(params, before, context) };
      },
    };
  };
  return { docker, disk, http, vault, stop, emitted, target, sick, oldId, step };
}
