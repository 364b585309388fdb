import { EngineError } from './engine-error.js';
import { nameOf } from './image-reference.js';
import type { ImageReference } from './image-reference.js';
import type { ImageRecord, World } from './world.js';

/** No name server ever knows it: what is asked for there by mistake reaches nobody. */
export const REGISTRY_HOST = 'registry.practice.invalid';

/** By what name the registry of a practice world holds a repository. */
export function registryName(repository: string): string {
  return `${REGISTRY_HOST}/${repository.split('/').at(-1) ?? repository}`;
}

export function digestIn(image: ImageRecord): string {
  return image.digests[0]?.split('@')[1] ?? '';
}

/** Holds every version of the service, also those that the engine does not have. Nobody can push to it. */
export class PracticeRegistry {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** Fails in the engine's words for what a registry says to it. */
  find(reference: ImageReference): ImageRecord {
    const held = this.#world.registry.filter((image) => isOf(image, reference.repository));
    if (held.length === 0) {
      throw nobodyHas(reference);
    }
    const found = held.find(
      (image) =>
        (reference.digest === null || digestIn(image) === reference.digest) &&
        (reference.tag === null || hasTag(image, reference.tag)),
    );
    if (found === undefined) {
      throw new EngineError(
        404,
        `manifest for ${nameOf(reference)} not found: manifest unknown: manifest unknown`,
      );
    }
    return found;
  }
}

function isOf({ tags }: ImageRecord, repository: string): boolean {
  return tags.some((name) => {
    const own = name.replace(/:[^:/]*$/, '');
    return own === repository || registryName(own) === repository;
  });
}

function hasTag({ tags }: ImageRecord, tag: string): boolean {
  return tags.some((name) => name.endsWith(`:${tag}`));
}

function nobodyHas({ host, repository }: ImageReference): EngineError {
  return host === null || host === REGISTRY_HOST
    ? new EngineError(
        404,
        `pull access denied for ${repository}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`,
      )
    : new EngineError(500, `Get "https://${host}/v2/": dial tcp: lookup ${host}: no such host`);
}
