import { AppError } from '../../shared/errors/app-error.js';
import { readAnswer } from './docker-answers.js';
import type { Call, DockerTransport } from './docker-transport.js';
import { negotiate } from './docker-versions.js';
import { createLogReader } from './log-demux.js';
import type { LogLine, ReadLogOptions } from './ports.js';
import { InfoAnswer, toSwarmServices, toSwarmTasks } from './swarm-answers.js';
import type { SwarmLogLine, SwarmPort, SwarmService, SwarmTask } from './swarm-types.js';

export class SwarmClient implements SwarmPort {
  readonly #transport: DockerTransport;
  #apiVersion: string | null = null;

  constructor(transport: DockerTransport) {
    this.#transport = transport;
  }

  async node(signal: AbortSignal): Promise<{ readonly nodeId: string }> {
    const call = { what: 'say whether it manages a swarm', method: 'GET', path: '/info' } as const;
    const { Swarm: swarm } = readAnswer('its swarm', InfoAnswer, await this.#ask(call, signal));
    if (swarm?.ControlAvailable !== true) {
      const state = swarm?.LocalNodeState ?? 'inactive';
      throw new AppError(
        'SWARM_NOT_MANAGER',
        state === 'active'
          ? 'The engine is a worker of a swarm; only a manager can tell about services.'
          : `The engine is in no swarm (it says: ${state}).`,
      );
    }
    return { nodeId: swarm.NodeID };
  }

  async service(nameOrId: string, signal: AbortSignal): Promise<SwarmService | null> {
    // A list and not the one: the engine finds a service by the beginning of its id as well.
    const query = { filters: JSON.stringify({ name: [nameOrId] }) };
    const what = `look at service ${nameOrId}`;
    const named = await this.#call({ what, method: 'GET', path: '/services', query }, signal);
    const found = toSwarmServices(named).find(({ name }) => name === nameOrId);
    if (found !== undefined) {
      return found;
    }
    const byId = { filters: JSON.stringify({ id: [nameOrId] }) };
    const listed = await this.#call(
      { what, method: 'GET', path: '/services', query: byId },
      signal,
    );
    return toSwarmServices(listed).find(({ id }) => id === nameOrId) ?? null;
  }

  async tasks(serviceId: string, signal: AbortSignal): Promise<readonly SwarmTask[]> {
    const query = { filters: JSON.stringify({ service: [serviceId] }) };
    const what = `list the tasks of service ${serviceId}`;
    return toSwarmTasks(await this.#call({ what, method: 'GET', path: '/tasks', query }, signal));
  }

  async rollBack(service: SwarmService, signal: AbortSignal): Promise<void> {
    const what = `roll service ${service.name} back`;
    await this.#update(what, service, service.spec, { rollback: 'previous' }, signal);
  }

  async putBackPrevious(service: SwarmService, signal: AbortSignal): Promise<void> {
    const what = `put back the specification of service ${service.name}`;
    const query = { registryAuthFrom: 'previous-spec' };
    await this.#update(what, service, service.previousSpec, query, signal);
  }

  async readLog(
    serviceId: string,
    options: ReadLogOptions,
    signal: AbortSignal,
  ): Promise<readonly SwarmLogLine[]> {
    const lines: SwarmLogLine[] = [];
    await this.#log(serviceId, options, false, (line) => lines.push(line), signal);
    return lines;
  }

  async followLog(
    serviceId: string,
    options: ReadLogOptions & { readonly onLine: (line: SwarmLogLine) => void },
    signal: AbortSignal,
  ): Promise<void> {
    try {
      await this.#log(serviceId, options, true, options.onLine, signal);
    } catch (thrown) {
      if (!signal.aborted) {
        throw thrown;
      }
    }
  }

  async #update(
    what: string,
    { id, name, version }: SwarmService,
    body: SwarmService['previousSpec'],
    query: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<void> {
    const call: Call = {
      what,
      method: 'POST',
      path: `/services/${encodeURIComponent(id)}/update`,
      query: { ...query, version: String(version) },
      body,
      timeoutMs: 60_000,
    };
    try {
      await this.#call(call, signal);
    } catch (thrown) {
      await this.#throwWhenChanged(thrown, id, name, version, signal);
      throw thrown;
    }
  }

  /** The engine has no code of its own for "somebody was faster"; that the version has moved on says it. */
  async #throwWhenChanged(
    thrown: unknown,
    id: string,
    name: string,
    version: number,
    signal: AbortSignal,
  ): Promise<void> {
    if (!(thrown instanceof AppError) || thrown.code !== 'DOCKER_REFUSED') {
      return;
    }
    const now = await this.service(id, signal);
    if (now === null) {
      throw new AppError('SWARM_SERVICE_MISSING', `There is no service ${name} any more.`);
    }
    if (now.version !== version) {
      throw new AppError(
        'SWARM_CHANGED',
        `${name} was at version ${version} when it was looked at and is at ${now.version} now.`,
        { cause: thrown },
      );
    }
  }

  async #log(
    serviceId: string,
    options: ReadLogOptions,
    follow: boolean,
    onLine: (line: SwarmLogLine) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const path = await this.#versioned(`/services/${encodeURIComponent(serviceId)}/logs`, signal);
    const query = {
      ...{ stdout: 'true', stderr: 'true', timestamps: 'true', details: 'true' },
      follow: String(follow),
      tail: String(options.tail),
      ...(options.since === undefined ? {} : { since: toEngineTime(options.since) }),
    };
    const reader = createLogReader(false, (line) => {
      onLine(withTask(line));
    });
    const what = `read the log of service ${serviceId}`;
    const call: Call = { what, method: 'GET', path, query };
    await this.#transport.stream(follow ? { ...call, timeoutMs: null } : call, signal, (chunk) => {
      reader.push(chunk);
    });
    reader.end();
  }

  /** Where the engine refuses, it may be that it manages nothing (any more): that is said first. */
  async #call(call: Call, signal: AbortSignal): Promise<unknown> {
    try {
      return await this.#ask({ ...call, path: await this.#versioned(call.path, signal) }, signal);
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'DOCKER_REFUSED') {
        await this.node(signal);
      }
      throw thrown;
    }
  }

  #ask(call: Call, signal: AbortSignal): Promise<unknown> {
    return this.#transport.call(call, signal);
  }

  async #versioned(path: string, signal: AbortSignal): Promise<string> {
    this.#apiVersion ??= negotiate(
      await this.#ask({ what: 'say its version', method: 'GET', path: '/version' }, signal),
      this.#transport.place,
    ).apiVersion;
    return `/v${this.#apiVersion}${path}`;
  }
}

/** The engine writes whose line it is between the time and the text: `key=value,key=value`. */
function withTask(line: LogLine): SwarmLogLine {
  const end = line.text.indexOf(' ');
  const details = end === -1 ? line.text : line.text.slice(0, end);
  const taskId = /(?:^|,)com\.docker\.swarm\.task\.id=([^,]+)/.exec(details)?.[1];
  return taskId === undefined
    ? { ...line, taskId: '' }
    : { ...line, taskId, text: end === -1 ? '' : line.text.slice(end + 1) };
}

/** Seconds.nanoseconds; a Date would lose the last six digits. */
function toEngineTime(rfc3339: string): string {
  const fraction = /\.(\d{1,9})/.exec(rfc3339)?.[1] ?? '';
  const seconds = Math.floor(Date.parse(rfc3339.replace(/\.\d+/, '')) / 1_000);
  return `${seconds}.${fraction.padEnd(9, '0')}`;
}
