import { createHash } from 'node:crypto';
import { makeContainer, volumesOf } from './create-container.js';
import type { CreateRequest } from './create-container.js';
import { EngineError } from './engine-error.js';
import type { EngineParts } from './engine-parts.js';
import type { ImageStore } from './image-store.js';
import type { LifeCycle } from './life-cycle.js';
import { PracticeRegistry } from './practice-registry.js';
import { conflict, findByName, getContainer } from './lookup.js';
import { RestartPolicy } from './world.js';
import type { ContainerRecord, World } from './world.js';

const CREATE_MS = 60;
const FOREIGN_STAYS_MS = 3_000;

/** What containers there are: making, naming, changing and removing them. Running them is the life cycle's. */
export class ContainerEngine {
  readonly parts: EngineParts;
  readonly images: ImageStore;
  readonly life: LifeCycle;
  readonly registry: PracticeRegistry;

  constructor(parts: EngineParts, images: ImageStore, life: LifeCycle) {
    this.parts = parts;
    this.images = images;
    this.life = life;
    this.registry = new PracticeRegistry(parts.world);
  }

  get containers(): readonly ContainerRecord[] {
    return this.parts.world.containers;
  }

  get(nameOrId: string): ContainerRecord {
    return getContainer(this.parts.world, nameOrId);
  }

  async create(wantedName: string | null, request: CreateRequest): Promise<ContainerRecord> {
    const { world, clock, events, pace, faults } = this.parts;
    await pace.wait(CREATE_MS);
    const reference = request.config.Image ?? '';
    if (this.images.vanishIfDue(reference)) {
      await this.parts.save();
    }
    const image = this.images.get(reference);
    const name = checkedName(wantedName ?? generatedName(world));
    if (findByName(world, name) === undefined && faults.strikes('name-taken')) {
      this.#putInTheWay(name);
    }
    this.#assertFree(name);
    const container = makeContainer(name, request, image, clock);
    world.containers.push(container);
    const known = new Set(world.volumes.map((volume) => volume.name));
    world.volumes.push(
      ...volumesOf(container, clock.stamp()).filter((volume) => !known.has(volume.name)),
    );
    events.publish('create', container);
    await this.parts.save();
    return container;
  }

  async rename(nameOrId: string, wantedName: string): Promise<void> {
    const container = this.get(nameOrId);
    const name = checkedName(wantedName);
    if (name === container.name) {
      throw new EngineError(400, 'Renaming a container with the same name as its current name');
    }
    this.#assertFree(name);
    const oldName = `/${container.name}`;
    container.name = name;
    this.parts.events.publish('rename', container, { oldName });
    await this.parts.save();
  }

  async update(nameOrId: string, body: unknown): Promise<void> {
    const container = this.get(nameOrId);
    const policy = RestartPolicy.nullish().safeParse(fieldOf(body, 'RestartPolicy'));
    if (!policy.success) {
      throw new EngineError(400, 'invalid JSON: RestartPolicy');
    }
    if (policy.data?.Name) {
      if (container.hostConfig.AutoRemove === true && policy.data.Name !== 'no') {
        throw new EngineError(
          400,
          'Restart policy cannot be updated because AutoRemove is enabled for the container',
        );
      }
      container.hostConfig.RestartPolicy = {
        Name: policy.data.Name,
        MaximumRetryCount: policy.data.MaximumRetryCount ?? 0,
      };
    }
    this.parts.events.publish('update', container);
    await this.parts.save();
  }

  async remove(
    nameOrId: string,
    options: { readonly force: boolean; readonly volumes: boolean },
  ): Promise<void> {
    const container = this.get(nameOrId);
    if (container.state.status === 'running') {
      if (!options.force) {
        throw new EngineError(
          409,
          `cannot remove container "/${container.name}": container is running: stop the container before removing or force remove`,
        );
      }
      await this.life.end(container, 'SIGKILL');
    }
    // It may be gone already: containers with AutoRemove go by themselves.
    if (this.containers.includes(container)) {
      this.life.destroy(container);
    }
    if (options.volumes) {
      this.#dropAnonymousVolumes(container);
    }
    await this.parts.save();
  }

  #dropAnonymousVolumes(container: ContainerRecord): void {
    const anonymous = container.mounts.flatMap(({ Name }) =>
      Name !== undefined && /^[0-9a-f]{64}$/.test(Name) ? [Name] : [],
    );
    const { world } = this.parts;
    world.volumes = world.volumes.filter(({ name }) => !anonymous.includes(name));
  }

  #assertFree(name: string): void {
    const holder = findByName(this.parts.world, name);
    if (holder !== undefined) {
      throw conflict(name, holder);
    }
  }

  /** Somebody else's container takes the name just before us, and is cleared away by its owner a little later. */
  #putInTheWay(name: string): void {
    const { world, clock, events, pace } = this.parts;
    const image = this.images.unrelated();
    const request = { config: { Image: image.tags[0] ?? image.id }, hostConfig: {}, endpoints: {} };
    const foreign = { ...makeContainer(name, request, image, clock), isForeign: true };
    world.containers.push(foreign);
    events.publish('create', foreign);
    void this.parts.save().catch(() => undefined);
    pace.after(FOREIGN_STAYS_MS, () => {
      if (this.containers.includes(foreign)) {
        this.life.destroy(foreign);
        void this.parts.save().catch(() => undefined);
      }
    });
  }
}

function checkedName(wanted: string): string {
  const name = wanted.replace(/^\//, '');
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name)) {
    throw new EngineError(
      400,
      `Invalid container name (${wanted}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`,
    );
  }
  return name;
}

function generatedName(world: World): string {
  return `unnamed-${createHash('sha256').update(`${world.engineId}${world.containers.length}${Date.now()}`).digest('hex').slice(0, 8)}`;
}

function fieldOf(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null
    ? Object.entries(body).find(([key]) => key === name)?.[1]
    : undefined;
}
