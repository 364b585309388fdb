import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import { defineStep } from '../step-kind.js';
import { shellCommand } from '../shell-quote.js';
import { layerProgress } from './layer-progress.js';
import { EngineName, PinnedImage, shortId } from './names.js';
import { findPinned, isPinnedTo, ofRegistry } from './pinned-image.js';

const Params = z.strictObject({ engine: EngineName, image: PinnedImage });

/**
 * Loads an image that only its registry has. Asked for by its digest, because a tag may move between the choice and the
 * run; made while the service still runs, so that what can fail here fails without downtime.
 */
export const pullImage = defineStep({
  kind: 'docker.pull',
  risk: 'change',
  repeatable: true,
  params: Params,
  before: z.strictObject({ wasThere: z.boolean() }),

  // What was found on the engine is there; only what was found in a registry is loaded.
  isIdle: ({ image }) => ofRegistry(image) === null,

  describe: ({ engine, image }) =>
    `Load image ${shortId(image)} onto ${engine}, with the login of your own Docker configuration if it has one, unless it is there already`,
  commands: ({ image }) => [
    shellCommand('docker', ofRegistry(image) === null ? 'inspect' : 'pull', image),
  ],
  undoText: () => 'Remove the image again, unless it was there before or is in use',

  async observe({ engine, image }, { connections, signal }) {
    const found = await findPinned(connections.docker(engine), image, signal);
    return found === null
      ? { isDone: false, facts: `${shortId(image)} is not on the engine.` }
      : { isDone: true, facts: `${shortId(image)} is on the engine as ${shortId(found.id)}.` };
  },

  async capture({ engine, image }, { connections, signal }) {
    const found = await findPinned(connections.docker(engine), image, signal);
    return { wasThere: found !== null };
  },

  async act({ engine, image }, _before, { connections, signal, emit }) {
    const wanted = ofRegistry(image);
    if (wanted === null) {
      throw new AppError(
        'DOCKER_IMAGE_MISSING',
        `${shortId(image)} was only on the engine, and is not there any more: no registry is known for it.`,
      );
    }
    const login = await connections.registryLogin(wanted.repository);
    emit(login === null ? 'No login is configured for this registry.' : 'With your own login.');
    await connections.docker(engine).pull(image, login, layerProgress(emit), signal);
  },

  async verify({ engine, image }, _before, { connections, signal }) {
    const found = await connections.docker(engine).image(image, signal);
    if (!isPinnedTo(found, image)) {
      throw new AppError(
        'DOCKER_DIGEST_DIFFERS',
        `${found.digests.join(', ') || shortId(found.id)} was loaded; ${image} was chosen.`,
      );
    }
    return `${shortId(image)} is on the engine as ${shortId(found.id)}.`;
  },

  async undo({ engine, image }, { wasThere }, { connections, signal }) {
    const port = connections.docker(engine);
    const found = await findPinned(port, image, signal);
    if (wasThere || found === null) {
      return wasThere ? 'The image was there before and stays.' : 'The image is not there.';
    }
    return port.removeImage(found.id, signal).then(
      () => `Removed ${shortId(found.id)} again.`,
      (thrown: unknown) => {
        if (thrown instanceof AppError && thrown.code === 'DOCKER_REFUSED') {
          // It takes nothing but room, and somebody may need it by now.
          return `${shortId(found.id)} stays: ${thrown.message}`;
        }
        throw thrown;
      },
    );
  },
});
