import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import { defineReadStep } from '../read-step.js';
import { shellCommand } from '../shell-quote.js';
import { EngineName, PinnedImage, shortId } from './names.js';
import { isPinnedTo, ofRegistry } from './pinned-image.js';

export const findImage = defineReadStep({
  kind: 'docker.find-image',
  params: z.strictObject({
    engine: EngineName,
    reference: z.string().min(1),
    imageId: PinnedImage,
  }),

  describe: ({ engine, reference, imageId }) =>
    `Find image ${reference} on ${engine} and make sure that it still is ${shortId(imageId)}`,
  commands: ({ reference }) => [
    shellCommand('docker', 'image', 'inspect', '--format', '{{.Id}}', reference),
  ],

  async look({ engine, reference, imageId }, { connections, signal }) {
    // One that was loaded by its digest has no tag here.
    const name = ofRegistry(imageId) === null ? reference : imageId;
    const image = await connections.docker(engine).image(name, signal);
    if (!isPinnedTo(image, imageId)) {
      throw new AppError(
        'DOCKER_IMAGE_CHANGED',
        `${reference} now points to ${shortId(image.id)}; ${shortId(imageId)} was chosen.`,
      );
    }
    const built = image.createdAt === null ? '' : `, built ${image.createdAt.slice(0, 10)}`;
    return `${reference} is ${shortId(image.id)}${built}.`;
  },
});
