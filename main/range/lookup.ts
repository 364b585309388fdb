import { EngineError, noSuchContainer } from './engine-error.js';
import type { ContainerRecord, World } from './world.js';

export function findByName(world: World, name: string): ContainerRecord | undefined {
  return world.containers.find((container) => container.name === name);
}

/** By full id, by name with or without its slash, or by the beginning of an id that only one has. */
export function getContainer(world: World, nameOrId: string): ContainerRecord {
  const exact =
    world.containers.find(({ id }) => id === nameOrId) ??
    findByName(world, nameOrId.replace(/^\//, ''));
  if (exact !== undefined) {
    return exact;
  }
  const [first, ...others] = /^[0-9a-f]+$/.test(nameOrId)
    ? world.containers.filter(({ id }) => id.startsWith(nameOrId))
    : [];
  if (others.length > 0) {
    throw new EngineError(400, `Multiple IDs found with provided prefix: ${nameOrId}`);
  }
  if (first === undefined) {
    throw noSuchContainer(nameOrId);
  }
  return first;
}

export function conflict(name: string, holder: ContainerRecord): EngineError {
  return new EngineError(
    409,
    `Conflict. The container name "/${name}" is already in use by container "${holder.id}". ` +
      'You have to remove (or rename) that container to be able to reuse that name.',
  );
}
