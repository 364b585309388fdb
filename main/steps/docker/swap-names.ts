import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import type { ContainerDetails, DockerPort } from '../../connections/ports.js';
import { defineStep } from '../step-kind.js';
import { shellCommand } from '../shell-quote.js';
import { foreseeExchange } from './foresee-replacement.js';
import { containerById, containerNamed, findNamed } from './containers.js';
import { ContainerName, EngineName, runLabel, shortId } from './names.js';

/** Afterwards the replacement has the service's name and the old container is kept beside it, untouched. */
export const swapNames = defineStep({
  kind: 'docker.swap-names',
  risk: 'change',
  repeatable: true,
  startsWriters: true,
  params: z.strictObject({
    engine: EngineName,
    container: ContainerName,
    keepAs: ContainerName,
    replacement: ContainerName,
    run: z.string().min(1),
  }),
  /** No old one where it was made to remove itself when it stops. */
  before: z.strictObject({ oldId: z.string().min(1).nullable(), newId: z.string().min(1) }),

  describe: ({ engine, container, keepAs, replacement }) =>
    `Keep container ${container} on ${engine} as ${keepAs} and give its name to ${replacement}`,
  commands: ({ container, keepAs, replacement }) => [
    shellCommand('docker', 'rename', container, keepAs),
    shellCommand('docker', 'rename', replacement, container),
  ],
  undoText: ({ container, keepAs, replacement }) =>
    `Rename ${container} back to ${replacement} and ${keepAs} back to ${container}`,

  async foresee({ engine, container, replacement, run }, { connections, vault, signal }) {
    const port = connections.docker(engine);
    const [old, next] = await Promise.all([
      findNamed(port, container, signal),
      findNamed(port, replacement, signal),
    ]);
    if (old === null || next?.labels[runLabel] !== run) {
      return null;
    }
    const [image, target] = await Promise.all([
      port.image(old.imageId, signal),
      port.image(next.imageId, signal),
    ]);
    return foreseeExchange(
      { container: old, image },
      { container: next, image: target },
      vault.mark,
    );
  },

  async observe({ engine, container, keepAs, run }, { connections, signal }) {
    const port = connections.docker(engine);
    const [named, kept] = await Promise.all([
      findNamed(port, container, signal),
      findNamed(port, keepAs, signal),
    ]);
    const isDone = named?.labels[runLabel] === run && (kept !== null || named.autoRemove);
    const text = (name: string, id: string | undefined): string =>
      id === undefined ? `there is no ${name}` : `${name} is ${shortId(id)}`;
    return {
      isDone,
      facts: `On ${engine}, ${text(container, named?.id)} and ${text(keepAs, kept?.id)}.`,
    };
  },

  async capture({ engine, container, replacement, run }, { connections, signal }) {
    const port = connections.docker(engine);
    const [next, old] = await Promise.all([
      containerNamed(port, replacement, signal),
      findNamed(port, container, signal),
    ]);
    // The replacement is made to remove itself like the old one, which then may be gone.
    if (old === null && !next.autoRemove) {
      throw new AppError('DOCKER_CONTAINER_MISSING', `There is no container named ${container}.`);
    }
    if (next.labels[runLabel] !== run) {
      throw new AppError(
        'DOCKER_NAME_TAKEN',
        `${replacement} (${shortId(next.id)}) was not made by this run.`,
      );
    }
    return { oldId: old?.id ?? null, newId: next.id };
  },

  async act({ engine, container, keepAs }, { oldId, newId }, { connections, signal }) {
    const port = connections.docker(engine);
    const [old, next] = await Promise.all([
      oldId === null ? null : containerById(port, oldId, signal),
      containerById(port, newId, signal),
    ]);
    if (old !== null) {
      await rename(port, old, keepAs, signal);
    }
    await rename(port, next, container, signal);
  },

  async verify({ engine, container, keepAs }, { oldId, newId }, { connections, signal }) {
    const port = connections.docker(engine);
    await Promise.all([
      expectName(port, newId, container, signal),
      oldId === null ? null : expectName(port, oldId, keepAs, signal),
    ]);
    if (oldId === null) {
      return `${container} is now ${shortId(newId)}; the old one removed itself when it stopped.`;
    }
    return `${container} is now ${shortId(newId)}; the old one is kept as ${keepAs} (${shortId(oldId)}).`;
  },

  async undo({ engine, container, replacement }, { oldId, newId }, { connections, signal }) {
    const port = connections.docker(engine);
    // The replacement may be gone by now; the old container's name matters all the same.
    if ((await port.container(newId, signal)) !== null) {
      await renameTo(port, newId, replacement, signal);
    }
    if (oldId === null) {
      return `The name ${container} is free for the old one, which is made again when its stop is taken back.`;
    }
    await renameTo(port, oldId, container, signal);
    await expectName(port, oldId, container, signal);
    return `${container} is ${shortId(oldId)} again.`;
  },
});

/** By id, so that a name that has moved in the meantime cannot make us rename somebody else's container. */
async function renameTo(
  port: DockerPort,
  id: string,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  await rename(port, await containerById(port, id, signal), name, signal);
}

async function rename(
  port: DockerPort,
  { id, name: now }: ContainerDetails,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  if (now !== name) {
    await port.rename(id, name, signal);
  }
}

async function expectName(
  port: DockerPort,
  id: string,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const container = await containerById(port, id, signal);
  if (container.name !== name) {
    throw new AppError(
      'DOCKER_NOT_AS_WANTED',
      `${shortId(id)} is called ${container.name} instead of ${name}.`,
    );
  }
}
