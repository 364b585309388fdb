import type { DockerPort } from '../../main/connections/ports.js';
import { AppError } from '../../shared/errors/app-error.js';
import type { ErrorCode } from '../../shared/errors/app-error.js';
import { FakeTime, listedBy } from './fake-docker-parts.js';
import type { FakeContainer, FakeImage } from './fake-docker-parts.js';
import { FakeRegistry } from './fake-registry.js';

/** What a fake engine holds, and the verbs that are needed now and then. */
export class FakeEngineRoom {
  readonly time = new FakeTime();
  readonly registry = new FakeRegistry();
  /** Every change that was asked for, in order: `stop web`. */
  readonly changes: string[] = [];
  protected readonly held = {
    images: new Map<string, FakeImage>(),
    containers: new Map<string, FakeContainer>(),
  };
  #fault: ErrorCode | null = null;

  /** Every call fails with this until `null`. */
  failWith(code: ErrorCode | null): void {
    this.#fault = code;
  }

  readonly pause: DockerPort['pause'] = async (id, signal) => {
    await this.#setStatus(id, 'paused', signal);
  };

  readonly unpause: DockerPort['unpause'] = async (id, signal) => {
    await this.#setStatus(id, 'running', signal);
  };

  readonly containers: DockerPort['containers'] = (label, signal) => {
    this.enter(signal);
    return Promise.resolve(listedBy(label, [...this.held.containers.values()]));
  };

  readonly writableBytes: DockerPort['writableBytes'] = (id, signal) => {
    this.enter(signal);
    return Promise.resolve(this.get(id).lines.length * 1_000);
  };

  readonly removeImage: DockerPort['removeImage'] = (id, signal) => {
    this.enter(signal);
    const users = [...this.held.containers.values()].filter(
      ({ details }) => details.imageId === id,
    );
    if (users.length > 0) {
      return Promise.reject(new AppError('DOCKER_REFUSED', 'A container uses this image.'));
    }
    this.changes.push(`remove image ${id}`);
    this.held.images.delete(id);
    return Promise.resolve();
  };

  readonly digestOf: DockerPort['digestOf'] = async (reference, _login, signal) => {
    this.enter(signal);
    return Promise.resolve(this.registry.digestOf(reference));
  };

  readonly pull: DockerPort['pull'] = async (reference, _login, onProgress, signal) => {
    this.enter(signal);
    const digest = this.registry.digestOf(reference);
    const isHere = ({ details }: FakeImage): boolean =>
      details.digests.some((name) => name.endsWith(`@${digest}`)) &&
      (reference.includes('@') || details.tags.includes(reference));
    if ([...this.held.images.values()].some(isHere)) {
      onProgress({ layer: null, status: 'Image is up to date', doneBytes: null, totalBytes: null });
      return Promise.resolve();
    }
    const image = this.registry.load(reference, onProgress, this.time.next());
    this.held.images.set(image.details.id, image);
    this.changes.push(`pull ${reference}`);
    return Promise.resolve();
  };

  #setStatus(id: string, status: string, signal: AbortSignal): Promise<void> {
    this.enter(signal);
    const container = this.get(id);
    container.details = { ...container.details, status };
    this.changes.push(`${status} ${container.details.name}`);
    return Promise.resolve();
  }

  protected enter(signal: AbortSignal): void {
    if (signal.aborted) {
      throw new AppError('STEP_STOPPED', 'Stopped.');
    }
    if (this.#fault !== null) {
      throw new AppError(this.#fault, 'The fake engine was told to fail.');
    }
  }

  protected heldImage(reference: string): FakeImage {
    const named = [...this.held.images.values()].find(({ details }) =>
      [...details.tags, ...details.digests].includes(reference),
    );
    const image = this.held.images.get(reference) ?? named;
    if (image === undefined) {
      throw new AppError('DOCKER_IMAGE_MISSING', `There is no image ${reference}.`);
    }
    return image;
  }

  protected find(nameOrId: string): FakeContainer | null {
    const all = [...this.held.containers.values()];
    return (
      this.held.containers.get(nameOrId) ??
      all.find(({ details }) => details.name === nameOrId) ??
      null
    );
  }

  protected get(nameOrId: string): FakeContainer {
    const container = this.find(nameOrId);
    if (container === null) {
      throw new AppError('DOCKER_CONTAINER_MISSING', `There is no container ${nameOrId}.`);
    }
    return container;
  }
}
