import type {
  ContainerDetails,
  ContainerSpec,
  ContainerStats,
  DockerPort,
  EngineInfo,
  FollowLogOptions,
  ImageDetails,
  LogLine,
  ReadLogOptions,
  RestartPolicy,
} from '../../main/connections/ports.js';
import { AppError } from '../../shared/errors/app-error.js';
import {
  fakeContainer,
  fakeImage,
  linesOf,
  startedDetails,
  withRestartPolicy,
  fakeInfo,
} from './fake-docker-parts.js';
import { FakeEngineRoom } from './fake-engine-room.js';
import type { FakeContainer, ImageManner } from './fake-docker-parts.js';

/** A container engine in memory: names, ids, states, ports and logs behave like the real one's. */
export class FakeDocker extends FakeEngineRoom implements DockerPort {
  readonly #takenPorts = new Set<string>();

  // What a test arranges.

  addImage(
    tag: string,
    manner: ImageManner = 'serves',
    config: ImageDetails['config'] = {},
  ): string {
    for (const image of this.held.images.values()) {
      image.details = { ...image.details, tags: image.details.tags.filter((name) => name !== tag) };
    }
    const image = fakeImage(tag, manner, config, this.time.next());
    this.held.images.set(image.details.id, image);
    return image.details.id;
  }

  forgetImage(id: string): void {
    this.held.images.delete(id);
  }

  takePort(port: number): void {
    this.#takenPorts.add(String(port));
  }

  freePort(port: number): void {
    this.#takenPorts.delete(String(port));
  }

  /** A line that a running container writes. */
  write(name: string, text: string, stream: LogLine['stream'] = 'stdout'): void {
    const container = this.get(name);
    const line = { at: this.time.next(), stream, text };
    container.lines.push(line);
    container.followers.forEach(({ onLine }) => {
      onLine(line);
    });
  }

  /** For what no verb of ours can do: `health`, `exitCode`, `autoRemove`. */
  patch(name: string, change: Partial<ContainerDetails>): void {
    const container = this.get(name);
    container.details = { ...container.details, ...change };
  }

  /** What is there now, without going through the port. */
  look(name: string): ContainerDetails | null {
    return this.find(name)?.details ?? null;
  }

  get names(): string[] {
    return [...this.held.containers.values()].map(({ details }) => details.name).sort();
  }

  // The port.

  async info(signal: AbortSignal): Promise<EngineInfo> {
    this.enter(signal);
    return Promise.resolve(fakeInfo);
  }

  async images(repository: string, signal: AbortSignal): Promise<readonly ImageDetails[]> {
    this.enter(signal);
    const all = [...this.held.images.values()].map(({ details }) => details);
    const named = all.filter(({ tags }) => tags.some((tag) => tag.startsWith(`${repository}:`)));
    return Promise.resolve(
      named.sort((a, b) => (b.createdAt ?? '').localeCompare(a.createdAt ?? '')),
    );
  }

  async image(reference: string, signal: AbortSignal): Promise<ImageDetails> {
    this.enter(signal);
    return Promise.resolve(this.heldImage(reference).details);
  }

  async container(nameOrId: string, signal: AbortSignal): Promise<ContainerDetails | null> {
    this.enter(signal);
    return Promise.resolve(this.find(nameOrId)?.details ?? null);
  }

  async create(
    name: string,
    spec: ContainerSpec,
    signal: AbortSignal,
  ): Promise<{ readonly id: string }> {
    this.enter(signal);
    this.#expectFree(name);
    const container = fakeContainer(name, spec, this.heldImage(spec.Image).details);
    this.held.containers.set(container.details.id, container);
    this.changes.push(`create ${name}`);
    return Promise.resolve({ id: container.details.id });
  }

  async start(id: string, signal: AbortSignal): Promise<void> {
    this.enter(signal);
    const container = this.get(id);
    if (container.details.running) {
      return Promise.resolve();
    }
    this.#bindPorts(container);
    this.changes.push(`start ${container.details.name}`);
    const { manner, details } = this.heldImage(container.details.imageId);
    container.details = startedDetails(container.details, this.time.next(), details);
    this.write(id, `started ${details.tags[0] ?? details.id}`);
    if (manner === 'crashes') {
      this.write(id, 'ERROR cannot go on', 'stderr');
      this.#end(container, 1);
    }
    return Promise.resolve();
  }

  async stop(id: string, graceSeconds: number, signal: AbortSignal): Promise<void> {
    this.enter(signal);
    const container = this.get(id);
    if (container.details.running) {
      this.changes.push(`stop ${container.details.name} within ${graceSeconds}`);
      this.#end(
        container,
        this.heldImage(container.details.imageId).manner === 'ignores-stop' ? 137 : 0,
      );
    }
    return Promise.resolve();
  }

  async rename(id: string, name: string, signal: AbortSignal): Promise<void> {
    this.enter(signal);
    const container = this.get(id);
    this.#expectFree(name);
    this.changes.push(`rename ${container.details.name} to ${name}`);
    container.details = { ...container.details, name };
    return Promise.resolve();
  }

  async remove(id: string, signal: AbortSignal): Promise<void> {
    this.enter(signal);
    const container = this.find(id);
    if (container?.details.running === true) {
      return Promise.reject(
        new AppError('DOCKER_REFUSED', 'You cannot remove a running container.'),
      );
    }
    if (container !== null) {
      this.changes.push(`remove ${container.details.name}`);
      this.held.containers.delete(container.details.id);
    }
    return Promise.resolve();
  }

  async setRestartPolicy(id: string, policy: RestartPolicy, signal: AbortSignal): Promise<void> {
    this.enter(signal);
    const container = this.get(id);
    container.details = withRestartPolicy(container.details, policy);
    this.changes.push(`restart policy ${container.details.name} ${policy.name}`);
    return Promise.resolve();
  }

  async readLog(
    id: string,
    options: ReadLogOptions,
    signal: AbortSignal,
  ): Promise<readonly LogLine[]> {
    this.enter(signal);
    return Promise.resolve(linesOf(this.get(id), options));
  }

  async followLog(id: string, options: FollowLogOptions, signal: AbortSignal): Promise<void> {
    this.enter(signal);
    const container = this.get(id);
    linesOf(container, options).forEach(options.onLine);
    if (signal.aborted || !container.details.running) {
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const follower = { onLine: options.onLine, end: resolve };
      container.followers.add(follower);
      signal.addEventListener('abort', () => {
        container.followers.delete(follower);
        resolve();
      });
    });
  }

  async stats(id: string, signal: AbortSignal): Promise<ContainerStats> {
    this.enter(signal);
    return Promise.resolve(
      this.get(id).details.running
        ? { cpuPercent: 12.5, memoryBytes: 50_000_000 }
        : { cpuPercent: 0, memoryBytes: 0 },
    );
  }

  #end(container: FakeContainer, exitCode: number): void {
    container.details = {
      ...container.details,
      running: false,
      status: 'exited',
      exitCode,
      health: 'none',
    };
    container.boundPorts.forEach((port) => this.#takenPorts.delete(port));
    container.boundPorts.clear();
    container.followers.forEach(({ end }) => {
      end();
    });
    container.followers.clear();
    if (container.details.autoRemove) {
      this.held.containers.delete(container.details.id);
    }
  }

  #bindPorts(container: FakeContainer): void {
    const taken = container.publishes.find((port) => this.#takenPorts.has(port));
    if (taken !== undefined) {
      throw new AppError(
        'DOCKER_PORT_TAKEN',
        `Bind for 127.0.0.1:${taken} failed: port is already allocated`,
      );
    }
    container.publishes.forEach((port) => {
      this.#takenPorts.add(port);
      container.boundPorts.add(port);
    });
  }

  #expectFree(name: string): void {
    if ([...this.held.containers.values()].some(({ details }) => details.name === name)) {
      throw new AppError('DOCKER_NAME_TAKEN', `The name ${name} is in use.`);
    }
  }
}
