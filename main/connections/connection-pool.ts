import { AppError } from '../../shared/errors/app-error.js';
import type { Light } from '../../shared/ipc/views.js';
import type { Environment } from '../../shared/runbook/environment-schema.js';
import { createDockerAdapter } from './docker-adapter.js';
import { createHttpAdapter } from './http-adapter.js';
import type { Connections, DockerPort } from './ports.js';

export type ConnectionPool = {
  readonly connections: Connections;
  /** Reads only: one light per engine; the health address has the run's own probe. Never rejects. */
  check(signal: AbortSignal): Promise<readonly Light[]>;
};

const checkTimeoutMs = 5_000;

/** Opens each engine of the environment once, when it is first needed. */
export function createConnectionPool(environment: Environment): ConnectionPool {
  const http = createHttpAdapter();
  const opened = new Map<string, DockerPort>();
  const docker = (name: string): DockerPort => {
    const engine = environment.engines.find((candidate) => candidate.name === name);
    if (engine === undefined) {
      throw new AppError(
        'ENVIRONMENT_UNKNOWN',
        `${environment.name} has no engine called ${name}.`,
      );
    }
    const port = opened.get(name) ?? createDockerAdapter(engine.socket);
    opened.set(name, port);
    return port;
  };

  const host = (name: string): never => {
    throw new AppError('ENVIRONMENT_UNKNOWN', `${environment.name} has no host called ${name}.`);
  };

  const checkEngine = async (name: string, signal: AbortSignal): Promise<Light> =>
    light(name, async () => {
      const { engineVersion, apiVersion } = await docker(name).info(signal);
      return `Engine ${engineVersion}, API ${apiVersion}`;
    });

  return {
    connections: { docker, host, http },
    check: async (signal) => {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(checkTimeoutMs)]);
      return Promise.all(environment.engines.map(({ name }) => checkEngine(name, limited)));
    },
  };
}

async function light(name: string, look: () => Promise<string>): Promise<Light> {
  try {
    return { name, state: 'ok', text: await look() };
  } catch (thrown) {
    if (thrown instanceof AppError) {
      const text = thrown.code === 'STEP_STOPPED' ? 'No answer in time' : thrown.message;
      return { name, state: 'bad', text };
    }
    return { name, state: 'bad', text: 'The check itself failed; the details are in the app log.' };
  }
}
