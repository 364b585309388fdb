import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import type { ContainerDetails, DockerPort } from '../../connections/ports.js';
import { defineStep } from '../step-kind.js';
import { containerById, containerNamed, findNamed, restartText, stateText } from './containers.js';
import { createByHand } from './create-by-hand.js';
import {
  ContainerName,
  EngineName,
  PinnedImage,
  replacementRole,
  restartLabel,
  roleLabel,
  runLabel,
  shortId,
} from './names.js';
import { foreseeCreation, foreseeExchange } from './foresee-replacement.js';
import { replacementSpec } from './replacement-spec.js';
import { findPinned } from './pinned-image.js';
import { settingsDifferences } from './settings-differences.js';

const Params = z.strictObject({
  engine: EngineName,
  container: ContainerName,
  imageId: PinnedImage,
  replacement: ContainerName,
  run: z.string().min(1),
});
type Params = z.infer<typeof Params>;

const graceSeconds = 10;

/** Made while the old one still serves, so that what can fail here fails without downtime. */
export const createReplacement = defineStep({
  kind: 'docker.create-replacement',
  risk: 'change',
  repeatable: true,
  params: Params,
  before: z.strictObject({
    oldId: z.string().min(1),
    oldImageId: z.string(),
    replacementName: z.string(),
  }),

  describe: ({ engine, container, imageId, replacement }) =>
    `Create container ${replacement} on ${engine} with the settings of ${container} and image ${shortId(imageId)}, without starting it`,
  commands: (params) => createByHand(params),
  undoText: ({ replacement }) => `Remove ${replacement}; its volumes stay`,

  async foresee(params, { connections, vault, signal }) {
    const port = connections.docker(params.engine);
    const [container, found, target] = await Promise.all([
      containerNamed(port, params.container, signal),
      findOurs(port, params, signal),
      port.image(params.imageId, signal),
    ]);
    const old = { container, image: await port.image(container.imageId, signal) };
    if (found !== null) {
      return found.id === container.id
        ? null
        : foreseeExchange(old, { container: found, image: target }, vault.mark);
    }
    const spec = replacementSpec(container, old.image, target.id, labelsOf(params, container));
    return foreseeCreation(old, { name: params.replacement, spec, image: target }, vault.mark);
  },

  async observe(params, { connections, signal }) {
    const port = connections.docker(params.engine);
    const [found, image] = await Promise.all([
      findOurs(port, params, signal),
      findPinned(port, params.imageId, signal),
    ]);
    if (found === null) {
      return {
        isDone: false,
        facts: `There is no container made by this run for ${params.container}.`,
      };
    }
    return { isDone: found.imageId === image?.id, facts: stateText(found) };
  },

  async capture({ engine, container, replacement }, { connections, signal }) {
    const port = connections.docker(engine);
    const old = await containerNamed(port, container, signal);
    return { oldId: old.id, oldImageId: old.imageId, replacementName: replacement };
  },

  async act(params, { oldId, oldImageId }, { connections, signal }) {
    const port = connections.docker(params.engine);
    if ((await findOurs(port, params, signal)) !== null) {
      return;
    }
    const [old, oldImage, { id: imageId }] = await Promise.all([
      containerById(port, oldId, signal),
      port.image(oldImageId, signal),
      port.image(params.imageId, signal),
    ]);
    const spec = replacementSpec(old, oldImage, imageId, labelsOf(params, old));
    await port.create(params.replacement, spec, signal);
  },

  async verify(params, { oldId, oldImageId }, { connections, signal }) {
    const port = connections.docker(params.engine);
    const [found, target, old, oldImage] = await Promise.all([
      findOurs(port, params, signal),
      port.image(params.imageId, signal),
      containerById(port, oldId, signal),
      port.image(oldImageId, signal),
    ]);
    if (found?.imageId !== target.id) {
      const text = found === null ? 'is not there' : `has image ${shortId(found.imageId)}`;
      throw new AppError(
        'DOCKER_NOT_AS_WANTED',
        `${params.replacement} ${text}; ${shortId(params.imageId)} was asked for.`,
      );
    }
    const differences = settingsDifferences(
      { container: old, image: oldImage },
      { container: found, image: target },
    );
    const warning =
      differences.length === 0 ? '' : ` Set up differently: ${differences.join(', ')}.`;
    return `${found.name} (${shortId(found.id)}) is created with image ${shortId(found.imageId)}.${warning}`;
  },

  async undo(params, _before, { connections, signal }) {
    const port = connections.docker(params.engine);
    const found = await findOurs(port, params, signal);
    if (found === null) {
      return `There is no container ${params.replacement} of this run to remove.`;
    }
    if (found.running) {
      await port.stop(found.id, graceSeconds, signal);
    }
    await port.remove(found.id, signal);
    if ((await port.container(found.id, signal)) !== null) {
      throw new AppError(
        'DOCKER_NOT_AS_WANTED',
        `${found.name} (${shortId(found.id)}) is still there.`,
      );
    }
    return `Removed ${found.name} (${shortId(found.id)}); its volumes stay.`;
  },
});

function labelsOf({ run }: Params, old: ContainerDetails): Readonly<Record<string, string>> {
  return { [runLabel]: run, [roleLabel]: replacementRole, [restartLabel]: restartText(old) };
}

/**
 * The replacement under its first name or, once the names are swapped, under the service's. Null when neither carries this
 * run's label: what others made is never taken for ours and never removed.
 */
async function findOurs(
  port: DockerPort,
  params: Params,
  signal: AbortSignal,
): Promise<ContainerDetails | null> {
  const names = [params.replacement, params.container];
  const found = await Promise.all(names.map((name) => findNamed(port, name, signal)));
  const ours = found.find(
    (one) => one?.labels[runLabel] === params.run && one.labels[roleLabel] === replacementRole,
  );
  return ours ?? null;
}
