import { AppError } from '../../shared/errors/app-error.js';
import {
  CreateAnswer,
  readAnswer,
  toContainerDetails,
  toContainerStats,
  toImageDetails,
  toImageSummaries,
} from './docker-answers.js';
import type { Call, DockerTransport } from './docker-transport.js';
import { joiningCalls, splitNetworks } from './docker-networks.js';
import type { Endpoints } from './docker-networks.js';
import { createFurtherVerbs } from './docker-verbs.js';
import { negotiate } from './docker-versions.js';
import { logQuery } from './docker/log-query.js';
import { createLogReader } from './log-demux.js';
import type {
  ContainerDetails,
  ContainerSpec,
  ContainerStats,
  DockerPort,
  EngineInfo,
  FollowLogOptions,
  ImageDetails,
  ImageSummary,
  LogLine,
  ReadLogOptions,
  RestartPolicy,
} from './ports.js';

const createTimeoutMs = 60_000;
const startTimeoutMs = 60_000;
/** On top of the grace: the engine still has to end and unmount the container. */
const stopSlackMs = 30_000;

export class DockerClient implements DockerPort {
  readonly #transport: DockerTransport;
  #apiVersion: string | null = null;
  readonly pause: DockerPort['pause'];
  readonly unpause: DockerPort['unpause'];
  readonly containers: DockerPort['containers'];
  readonly writableBytes: DockerPort['writableBytes'];
  readonly removeImage: DockerPort['removeImage'];
  readonly digestOf: DockerPort['digestOf'];
  readonly pull: DockerPort['pull'];

  constructor(transport: DockerTransport) {
    this.#transport = transport;
    const further = createFurtherVerbs({
      call: (call, signal) => this.#call(call, signal),
      stream: async (call, signal, onBytes) => {
        const path = await this.#versioned(call.path, signal);
        await transport.stream({ ...call, path }, signal, onBytes);
      },
    });
    ({ pause: this.pause, unpause: this.unpause } = further);
    ({ containers: this.containers, writableBytes: this.writableBytes } = further);
    ({ removeImage: this.removeImage, digestOf: this.digestOf, pull: this.pull } = further);
  }

  async info(signal: AbortSignal): Promise<EngineInfo> {
    const raw = await this.#transport.call(
      { what: 'say its version', method: 'GET', path: '/version' },
      signal,
    );
    const info = negotiate(raw, this.#transport.place);
    this.#apiVersion = info.apiVersion;
    return info;
  }

  async images(repository: string, signal: AbortSignal): Promise<readonly ImageSummary[]> {
    // Asked for one repository alone, the engine would leave out what else an image is called.
    const raw = await this.#call(
      { what: 'list images', method: 'GET', path: '/images/json' },
      signal,
    );
    return toImageSummaries(raw, repository);
  }

  async image(reference: string, signal: AbortSignal): Promise<ImageDetails> {
    const path = `/images/${reference.split('/').map(encodeURIComponent).join('/')}/json`;
    const what = `look at image ${reference}`;
    return toImageDetails(
      await this.#call({ what, method: 'GET', path, notFound: 'image' }, signal),
    );
  }

  async container(nameOrId: string, signal: AbortSignal): Promise<ContainerDetails | null> {
    try {
      const path = `${containerPath(nameOrId)}/json`;
      const what = `look at container ${nameOrId}`;
      return toContainerDetails(
        await this.#call({ what, method: 'GET', path, notFound: 'container' }, signal),
      );
    } catch (thrown) {
      return nullWhenMissing(thrown);
    }
  }

  async create(
    name: string,
    spec: ContainerSpec,
    signal: AbortSignal,
  ): Promise<{ readonly id: string }> {
    const version = this.#apiVersion ?? (await this.info(signal)).apiVersion;
    const { now, later } = splitNetworks(spec, version);
    const raw = await this.#call(
      {
        what: `create container ${name}`,
        method: 'POST',
        path: '/containers/create',
        query: { name },
        body: { ...spec, NetworkingConfig: { EndpointsConfig: now } },
        timeoutMs: createTimeoutMs,
        notFound: 'image',
        conflict: 'name',
      },
      signal,
    );
    const { Id: id } = readAnswer('a new container', CreateAnswer, raw);
    await this.#joinNetworks(id, later, signal);
    return { id };
  }

  async start(id: string, signal: AbortSignal): Promise<void> {
    await this.#post(`start container ${id}`, `${containerPath(id)}/start`, signal, {
      timeoutMs: startTimeoutMs,
      publishesPorts: true,
    });
  }

  async stop(id: string, graceSeconds: number, signal: AbortSignal): Promise<void> {
    await this.#post(`stop container ${id}`, `${containerPath(id)}/stop`, signal, {
      query: { t: String(Math.ceil(graceSeconds)) },
      timeoutMs: graceSeconds * 1_000 + stopSlackMs,
    });
  }

  async rename(id: string, name: string, signal: AbortSignal): Promise<void> {
    await this.#post(`rename container ${id} to ${name}`, `${containerPath(id)}/rename`, signal, {
      query: { name },
      conflict: 'name',
    });
  }

  async remove(id: string, signal: AbortSignal): Promise<void> {
    const call = {
      what: `remove container ${id}`,
      method: 'DELETE',
      path: containerPath(id),
    } as const;
    try {
      // v=false: the volumes stay, anonymous ones too.
      await this.#call(
        { ...call, query: { v: 'false', force: 'false' }, notFound: 'container' },
        signal,
      );
    } catch (thrown) {
      nullWhenMissing(thrown);
    }
  }

  async setRestartPolicy(id: string, policy: RestartPolicy, signal: AbortSignal): Promise<void> {
    const RestartPolicy = { Name: policy.name, MaximumRetryCount: policy.maximumRetryCount };
    const what = `set the restart policy of ${id}`;
    try {
      await this.#post(what, `${containerPath(id)}/update`, signal, { body: { RestartPolicy } });
    } catch (thrown) {
      // An engine that does not know the question says the same as one that does not know the container.
      const isMissing = thrown instanceof AppError && thrown.code === 'DOCKER_CONTAINER_MISSING';
      if (isMissing && (await this.container(id, signal)) !== null) {
        throw new AppError('DOCKER_POLICY_FIXED', `The engine cannot ${what}.`, { cause: thrown });
      }
      throw thrown;
    }
  }

  async readLog(
    id: string,
    options: ReadLogOptions,
    signal: AbortSignal,
  ): Promise<readonly LogLine[]> {
    const lines: LogLine[] = [];
    await this.#log(id, options, false, (line) => lines.push(line), signal);
    return lines;
  }

  async followLog(id: string, options: FollowLogOptions, signal: AbortSignal): Promise<void> {
    try {
      await this.#log(id, options, true, options.onLine, signal);
    } catch (thrown) {
      if (!signal.aborted) {
        throw thrown;
      }
    }
  }

  async stats(id: string, signal: AbortSignal): Promise<ContainerStats> {
    const call = {
      what: `measure ${id}`,
      method: 'GET',
      path: `${containerPath(id)}/stats`,
    } as const;
    const query = { stream: 'false' };
    return toContainerStats(await this.#call({ ...call, query, notFound: 'container' }, signal));
  }

  async #log(
    id: string,
    options: ReadLogOptions,
    follow: boolean,
    onLine: (line: LogLine) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const container = await this.container(id, signal);
    if (container === null) {
      throw new AppError(
        'DOCKER_CONTAINER_MISSING',
        `To read the log of ${id}: there is no such container.`,
      );
    }
    const reader = createLogReader(container.tty, onLine);
    const query = logQuery(options, follow);
    const what = `read the log of ${container.name}`;
    const path = await this.#versioned(`${containerPath(container.id)}/logs`, signal);
    const call: Call = { what, method: 'GET', path, query, notFound: 'container' };
    await this.#transport.stream(follow ? { ...call, timeoutMs: null } : call, signal, (chunk) => {
      reader.push(chunk);
    });
    reader.end();
  }

  async #joinNetworks(id: string, endpoints: Endpoints, signal: AbortSignal): Promise<void> {
    try {
      for (const call of joiningCalls(id, endpoints)) {
        await this.#call(call, signal);
      }
    } catch (thrown) {
      // A container with half its networks must not be found and taken for a finished one.
      await this.remove(id, AbortSignal.timeout(createTimeoutMs));
      throw thrown;
    }
  }

  async #post(what: string, path: string, signal: AbortSignal, more: Partial<Call>): Promise<void> {
    await this.#call({ what, method: 'POST', path, notFound: 'container', ...more }, signal);
  }

  async #call(call: Call, signal: AbortSignal): Promise<unknown> {
    return this.#transport.call(
      { ...call, path: await this.#versioned(call.path, signal) },
      signal,
    );
  }

  async #versioned(path: string, signal: AbortSignal): Promise<string> {
    return `/v${this.#apiVersion ?? (await this.info(signal)).apiVersion}${path}`;
  }
}

function containerPath(nameOrId: string): string {
  return `/containers/${encodeURIComponent(nameOrId)}`;
}

/** Somebody else may have removed it between two questions: then it is simply not there. */
function nullWhenMissing(thrown: unknown): null {
  if (thrown instanceof AppError && thrown.code === 'DOCKER_CONTAINER_MISSING') {
    return null;
  }
  throw thrown;
}
