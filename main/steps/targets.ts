import { AppError } from '../../shared/errors/app-error.js';
import type { PreviewItem, Target } from '../../shared/plan/target.js';
import type { ContainerDetails, DockerPort, ImageSummary } from '../connections/ports.js';
import { membersOf } from './docker/service-containers.js';
import type { Members } from './docker/service-containers.js';
import { siblingsOf } from './docker/siblings.js';
import { count } from '../../shared/count.js';
import { composeWords } from './docker/compose.js';
import { findNamed, isUp, stateText } from './docker/containers.js';
import { shortId } from './docker/names.js';
import { ofRegistry } from './docker/pinned-image.js';

export type TargetPlace = {
  readonly repository: string;
  readonly container: string;
  /** What every container of the service carries, as the runbook says; null where it says nothing. */
  readonly label: string | null;
  /** The same, where all of them are taken back in one run. */
  readonly containers: string | null;
};

/** Everything the container could be taken to, newest first, the one that serves among them. */
export async function listDockerTargets(
  port: DockerPort,
  place: TargetPlace,
  signal: AbortSignal,
): Promise<readonly Target[]> {
  const [images, serving] = await Promise.all([
    port.images(place.repository, signal),
    findNamed(port, place.container, signal),
  ]);
  const all = new Set(await imagesOfMembers(port, place, signal));
  const isListed = images.some(({ id }) => id === serving?.imageId);
  // Its tag may have moved on to a newer image; it is still what serves.
  const extra = serving === null || isListed ? [] : await imageOf(port, serving, signal);
  // Of several that run different ones, the newest is what the service goes back from.
  const newest = images.find(({ id }) => all.has(id))?.id ?? serving?.imageId;
  return [...images, ...extra].map((image) => toTarget(image, image.id === newest));
}

async function imagesOfMembers(
  port: DockerPort,
  { container, containers }: TargetPlace,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (containers === null) {
    return [];
  }
  const { up } = await membersOf(port, { container, label: containers }, signal);
  return up.map(({ imageId }) => imageId);
}

export type UncheckedPreviewItem = Omit<PreviewItem, 'checkedAt'>;

/** "Can I still go back?": reads only; a broken line to the engine is an answer too. */
export async function previewDockerTarget(
  port: DockerPort,
  service: TargetPlace,
  target: Target,
  signal: AbortSignal,
): Promise<readonly UncheckedPreviewItem[]> {
  const { container, containers } = service;
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
      ...(containers === null
        ? await previewOthers(port, service, old, signal)
        : previewMembers(
            container,
            await membersOf(port, { container, label: containers }, signal),
          )),
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
): Promise<ImageSummary[]> {
  try {
    return [await port.image(container.imageId, signal)];
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'DOCKER_IMAGE_MISSING') {
      return [];
    }
    throw thrown;
  }
}

function toTarget(image: ImageSummary, isServing: boolean): Target {
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
function versionOf({ id, tags, labels }: ImageSummary): string {
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

async function previewOthers(
  port: DockerPort,
  { label }: TargetPlace,
  old: ContainerDetails | null,
  signal: AbortSignal,
): Promise<readonly UncheckedPreviewItem[]> {
  return old === null ? [] : previewSiblings(old, await siblingsOf(port, old, label, signal));
}

/** Whoever orders the rollback sees how many containers it means, and which that look like them it does not. */
function previewMembers(name: string, { up, down }: Members): UncheckedPreviewItem[] {
  const item = { id: 'containers', title: 'Containers of the service' } as const;
  if (!up.some((one) => one.name === name)) {
    const text = `${name} does not carry the label of the service: nothing can be planned`;
    return [{ ...item, state: 'red', text }];
  }
  const names = up.map((one) =>
    one.status === 'running' ? one.name : `${one.name} (${one.status})`,
  );
  const isEach = up.length > 1 ? '; one is stopped only when the one before is healthy' : '';
  const isMixed = new Set(up.map(({ imageId }) => imageId)).size > 1;
  const mixed = isMixed ? '. They run different versions now' : '';
  const text = `${count(up.length, 'container')}, taken back in this order: ${names.join(', ')}${isEach}${mixed}`;
  const isSound = !isMixed && up.every(({ status }) => status === 'running');
  const left = down.map((one) => `${one.name} (${one.status})`).join(', ');
  return [
    { ...item, state: isSound ? 'green' : 'amber', text },
    ...(down.length === 0
      ? []
      : [
          {
            id: 'containers-down',
            title: 'Not running, left alone',
            state: 'amber' as const,
            text: `${left}: carry the label too. Start one first if it belongs to the service`,
          },
        ]),
  ];
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
          text: `This run takes ${old.name} back and no other: ${siblings.join(', ')} of the same service stay on the version they have. Name their label under “containers” in the runbook to take all back in one run`,
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
