import { AppError } from '../../../shared/errors/app-error.js';
import type { DockerPort, ImageDetails } from '../../connections/ports.js';

/** Null where the image is not on the engine. */
export async function findPinned(
  port: DockerPort,
  pinned: string,
  signal: AbortSignal,
): Promise<ImageDetails | null> {
  return port.image(pinned, signal).catch((thrown: unknown) => {
    if (thrown instanceof AppError && thrown.code === 'DOCKER_IMAGE_MISSING') {
      return null;
    }
    throw thrown;
  });
}

/** Only what a registry holds can be loaded from it; an id names what the engine has, or nothing. */
export function ofRegistry(
  pinned: string,
): { readonly repository: string; readonly digest: string } | null {
  const [repository = '', digest] = pinned.split('@');
  return digest === undefined ? null : { repository, digest };
}

export function isPinnedTo(image: ImageDetails, pinned: string): boolean {
  const wanted = ofRegistry(pinned);
  return wanted === null
    ? image.id === pinned
    : image.id === wanted.digest ||
        image.digests.some((name) => name.endsWith(`@${wanted.digest}`));
}
