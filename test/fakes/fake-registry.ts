import type { DockerPort } from '../../main/connections/ports.js';
import { AppError } from '../../shared/errors/app-error.js';
import { fakeImage } from './fake-docker-parts.js';
import type { FakeImage } from './fake-docker-parts.js';

type Held = { readonly tag: string; readonly config: FakeImage['details']['config'] };

/** What an engine could load: images by `repository:tag`, each with a digest that tags may move away from. */
export class FakeRegistry {
  readonly #digests = new Map<string, string>();
  readonly #held = new Map<string, Held>();
  #failure: string | null = null;

  /** Gives back the digest. */
  offer(tag: string, config: Held['config'] = {}): string {
    const digest = `sha256:${String(this.#held.size + 1)
      .repeat(64)
      .slice(0, 64)}`;
    this.#digests.set(tag, digest);
    this.#held.set(digest, { tag, config });
    return digest;
  }

  failWith(words: string | null): void {
    this.#failure = words;
  }

  digestOf(reference: string): string {
    const digest = this.#digests.get(reference) ?? reference.split('@')[1];
    if (digest === undefined || !this.#held.has(digest)) {
      throw new AppError('DOCKER_REFUSED', `${reference}: manifest unknown`);
    }
    return digest;
  }

  load(reference: string, onProgress: Parameters<DockerPort['pull']>[2], at: string): FakeImage {
    const digest = this.digestOf(reference);
    const held = this.#held.get(digest);
    onProgress({ layer: 'a1', status: 'Downloading', doneBytes: 50, totalBytes: 100 });
    if (this.#failure !== null || held === undefined) {
      throw new AppError('DOCKER_PULL_FAILED', `${reference}: ${this.#failure ?? 'unknown'}`);
    }
    onProgress({ layer: 'a1', status: 'Pull complete', doneBytes: null, totalBytes: null });
    const image = fakeImage(held.tag, 'serves', held.config, at);
    const repository = held.tag.slice(0, held.tag.lastIndexOf(':'));
    const isByDigest = reference.includes('@');
    return {
      ...image,
      details: {
        ...image.details,
        tags: isByDigest ? [] : [held.tag],
        digests: [`${repository}@${digest}`],
      },
    };
  }
}
