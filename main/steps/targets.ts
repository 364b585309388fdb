import { AppError } from '../../shared/errors/app-error.js';
import type { PreviewItem, Target } from '../../shared/plan/target.js';
import type { ContainerDetails, DockerPort, ImageDetails } from '../connections/ports.js';
import { siblingsOf } from './docker/siblings.js';
import { composeWords } from './docker/compose.js';
import { findNamed, isUp, stateText } from './docker/containers.js';
import { shortId } from './docker/names.js';
import { ofRegistry } from './docker/pinned-image.js';

export type TargetPlace = {
  readonly repository: string;
  readonly container: string;
  /** What every container of the service carries, as the runbook says; null where it says nothing. */
  readonly label: string | null;
};

/** Everything the container could be taken to, newest first, the one that serves among them. */
export async function listDockerTargets(
  port: DockerPort,
  { repository, container }: TargetPlace,
  signal: AbortSignal,
): Promise<readonly Target[]> {
  const [images, serving] = await Promise.all([
    port.images(repository, signal),
    findNamed(port, container, signal),
  ]);
  const isListed = images.some(({ id }) => id === serving?.imageId);
  // Its tag may have moved on to a newer image; it is still what serves.
  const extra = serving === null || isListed ? [] : await imageOf(port, serving, signal);
  return [...images, ...extra].map((image) => toTarget(image, image.id === serving?.imageId));
}

export type UncheckedPreviewItem = Omit<PreviewItem, 'checkedAt'>;

/** "Can I still go back?": reads only; a broken line to the engine is an answer too. */
export async function previewDockerTarget(
  port: DockerPort,
  { container, label }: TargetPlace,
  target: Target,
  signal: AbortSignal,
): Promise<readonly UncheckedPreviewItem[]> {
  try {
    const { engineVersion, apiVersion, name, place, lacks } = await port.info(signal);
    const [image, old] = await Promise.all([
      previewImage(port, target, signal),
      findNamed(port, container, signal),
    ]);
    return [
      {
        id: 'engine',
        title: 'Engine',
        state: 'green',
        text: `${name} ${engineVersion}, API ${apiVersion}, at ${place}`,
      },
      ...lacks.map((text, index) => ({
        id: `engine-lacks-${String(index)}`,
        title: 'Engine’s limits',
        state: 'amber' as const,
        text,
      })),
      {
        id: 'rights',
        title: 'Rights',
        state: 'green',
        text: 'This user may use the engine',
      },
      image,
      previewRoom(image),
      ...previewContainer(container, old),
      ...(old === null ? [] : previewSiblings(old, await siblingsOf(port, old, label, signal))),
    ];
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code !== 'STEP_STOPPED') {
      return [{ id: 'engine', title: 'Engine', state: 'red', text: thrown.message }];
    }
    throw thrown;
  }
}

async function imageOf(
  port: DockerPort,
  container: ContainerDetails,
  signal: AbortSignal,
): Promise<ImageDetails[]> {
  try {
    return [await port.image(container.imageId, signal)];
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'DOCKER_IMAGE_MISSING') {
      return [];
    }
    throw thrown;
  }
}

function toTarget(image: ImageDetails, isServing: boolean): Target {
  return {
    id: image.id,
    version: versionOf(image),
    names: [...image.tags],
    createdAt: image.createdAt,
    sizeBytes: image.sizeBytes,
    digest: image.digests[0]?.split('@')[1] ?? null,
    isServing,
  };
}

/** A tag that says something; then what the build wrote; `latest` says nothing about the version behind it. */
function versionOf({ id, tags, labels }: ImageDetails): string {
  const names = tags.map((tag) => tag.slice(tag.lastIndexOf(':') + 1));
  return (
    names.find((name) => name !== 'latest') ??
    labels['org.opencontainers.image.version'] ??
    names[0] ??
    shortId(id)
  );
}

async function previewImage(
  port: DockerPort,
  target: Target,
  signal: AbortSignal,
): Promise<UncheckedPreviewItem> {
  const item = { id: 'image', title: 'Target image' } as const;
  try {
    const image = await port.image(target.id, signal);
    return {
      ...item,
      state: 'green',
      text: `${target.version} is on the engine (${shortId(image.id)})`,
    };
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'DOCKER_IMAGE_MISSING') {
      if (ofRegistry(target.id) !== null) {
        const text = `${target.version} is only in its registry (${shortId(target.id)}): it is loaded before anything is stopped`;
        return { ...item, state: 'amber', text };
      }
      return {
        ...item,
        state: 'red',
        text: `${target.version} (${shortId(target.id)}) is no longer on the engine`,
      };
    }
    throw thrown;
  }
}

/** The engine's interface does not tell how much room is left; with the image there, hardly any is needed. */
function previewRoom({ state }: UncheckedPreviewItem): UncheckedPreviewItem {
  const item = { id: 'room', title: 'Disk room' } as const;
  return state === 'green'
    ? {
        ...item,
        state: 'green',
        text: 'Nothing has to be loaded; the new container shares its image',
      }
    : { ...item, state: 'amber', text: 'Unknown: the engine does not tell' };
}

function previewContainer(name: string, old: ContainerDetails | null): UncheckedPreviewItem[] {
  const item = { id: 'container', title: 'Running container' } as const;
  if (old === null) {
    return [
      {
        ...item,
        state: 'red',
        text: `There is no container named ${name} to take the settings from`,
      },
    ];
  }
  const state = {
    ...item,
    state: isUp(old) ? 'green' : 'amber',
    text: stateText(old).replace(/\.$/, ''),
  } as const;
  const text = composeWords(old);
  return [state, ...previewSpecial(old)].concat(
    text === null ? [] : [{ id: 'compose', title: 'Compose', state: 'amber', text }],
  );
}

/** A service of several containers is half rolled back when one is: whoever orders that must know. */
function previewSiblings(
  old: ContainerDetails,
  siblings: readonly string[],
): UncheckedPreviewItem[] {
  return siblings.length === 0
    ? []
    : [
        {
          id: 'siblings',
          title: 'Others of the service',
          state: 'amber',
          text: `This run takes ${old.name} back and no other: ${siblings.join(', ')} of the same service stay on the version they have; take each back by a run of its own, one after the other`,
        },
      ];
}

function previewSpecial(old: ContainerDetails): UncheckedPreviewItem[] {
  return old.autoRemove
    ? [
        {
          id: 'auto-remove',
          title: 'Started with --rm',
          state: 'amber',
          text: `${old.name} vanishes when it stops: its settings are kept encrypted until the run is closed; its log and what it wrote outside its volumes go`,
        },
      ]
    : [];
}
