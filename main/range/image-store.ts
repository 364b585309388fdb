import { EngineError, noSuchImage } from './engine-error.js';
import type { FaultBox } from './fault-box.js';
import type { ImageReference } from './image-reference.js';
import { digestIn } from './practice-registry.js';
import type { ImageRecord, World } from './world.js';

/** The images on the engine. Their names move, their ids do not. */
export class ImageStore {
  readonly #world: World;
  readonly #faults: FaultBox;
  readonly #healthy: readonly string[];

  constructor(world: World, faults: FaultBox, healthy: readonly string[]) {
    this.#world = world;
    this.#faults = faults;
    this.#healthy = healthy;
  }

  get all(): readonly ImageRecord[] {
    return this.#world.images;
  }

  find(reference: string): ImageRecord | undefined {
    // A tag beside a digest says nothing more.
    const pinned = reference.replace(/:[^:/@]+@/, '@');
    const tag = withTag(reference);
    const prefix = reference.replace(/^sha256:/, '');
    return (
      this.all.find(({ tags, digests }) => tags.includes(tag) || digests.includes(pinned)) ??
      (/^[0-9a-f]{6,64}$/.test(prefix)
        ? this.all.find(({ id }) => id.startsWith(`sha256:${prefix}`))
        : undefined)
    );
  }

  get(reference: string): ImageRecord {
    const found = this.find(reference);
    if (found === undefined) {
      throw noSuchImage(withTag(reference));
    }
    return found;
  }

  /**
   * The fault `image-missing`: somebody tidied up between the choice and the work. Choosing reads the list and
   * looks images up by id; a plan's first step looks the target up by its name, or makes a container of it.
   */
  vanishIfDue(reference: string): boolean {
    const found = this.find(reference);
    if (found === undefined || !this.#healthy.includes(found.version)) {
      return false;
    }
    if (!this.#faults.strikes('image-missing')) {
      return false;
    }
    this.#world.images = this.all.filter((image) => image !== found);
    return true;
  }

  /** Takes in what a registry holds, by the name it was asked for. False when the engine has it by that name already. */
  load(held: ImageRecord, { repository, tag, digest }: ImageReference): boolean {
    const pinned = `${repository}@${digestIn(held)}`;
    const name = tag === null ? null : `${repository}:${tag}`;
    const present = this.all.find(({ id }) => id === held.id);
    const image = present ?? { ...held, tags: [], digests: [] };
    const isNews =
      present === undefined ||
      !image.digests.includes(pinned) ||
      (name !== null && digest === null && !image.tags.includes(name));
    if (present === undefined) {
      this.#world.images.unshift(image);
    }
    image.digests = [...new Set([...image.digests, pinned])];
    // A name that comes with a digest is not given to the image.
    if (name !== null && digest === null) {
      this.#give(image, name);
    }
    return isNews;
  }

  tag(reference: string, repository: string, tag: string): void {
    const image = this.get(reference);
    const name = `${repository}:${tag || 'latest'}`;
    this.#give(image, name);
  }

  /** A name belongs to one image: whichever had it loses it. */
  #give(image: ImageRecord, name: string): void {
    this.all.forEach((other) => {
      other.tags = other.tags.filter((held) => held !== name);
    });
    image.tags.push(name);
  }

  /** Answers what was done, in the engine's own words. */
  remove(reference: string, force: boolean): readonly Record<string, string>[] {
    const image = this.get(reference);
    const tag = withTag(reference);
    const isByName = image.tags.includes(tag);
    if (isByName && image.tags.length > 1) {
      image.tags = image.tags.filter((held) => held !== tag);
      return [{ Untagged: tag }];
    }
    const user = this.#world.containers.find(({ imageId }) => imageId === image.id);
    if (user !== undefined && (!force || user.state.status === 'running')) {
      const state = user.state.status === 'running' ? 'running container' : 'stopped container';
      throw new EngineError(
        409,
        `conflict: unable to delete ${image.id.slice(7, 19)} (${force ? 'cannot be' : 'must be'} forced) - image is being used by ${state} ${user.id.slice(0, 12)}`,
      );
    }
    this.#world.images = this.all.filter((other) => other !== image);
    return [...image.tags.map((held) => ({ Untagged: held })), { Deleted: image.id }];
  }

  /** An image that has nothing to do with the service. */
  unrelated(): ImageRecord {
    const image = this.all.at(-1);
    if (image === undefined) {
      throw noSuchImage('any');
    }
    return image;
  }
}

function withTag(reference: string): string {
  return /[:@][^/]*$/.test(reference) ? reference : `${reference}:latest`;
}
