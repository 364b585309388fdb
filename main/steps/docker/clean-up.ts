import { count } from '../../../shared/count.js';
import { AppError } from '../../../shared/errors/app-error.js';
import type { CleanUpItem, CleanUpOffer } from '../../../shared/run/clean-up.js';
import type { ContainerDetails, DockerPort, ImageSummary } from '../../connections/ports.js';
import { findNamed, isUp } from './containers.js';
import type { KeptByRun } from './kept-by-run.js';
import { shortId } from './names.js';

export type CleanUpPlace = { readonly engine: string; readonly repository: string };

const stopped: ReadonlySet<string> = new Set(['exited', 'created', 'dead']);
const dayMs = 86_400_000;

/** What removing a kept container would lose, and why it may not be; reads only. */
export async function lookAtKept(
  port: DockerPort,
  kept: KeptByRun,
  now: string,
  signal: AbortSignal,
): Promise<CleanUpOffer> {
  const [found, named, serving] = await Promise.all([
    port.container(kept.id, signal),
    findNamed(port, kept.keptAs, signal),
    findNamed(port, kept.service, signal),
  ]);
  const refusal = refusalOfKept(kept, { found, named, serving });
  const facts =
    found?.id === kept.id ? await lossesOf(port, { kept, found, serving, now }, signal) : [];
  return {
    id: `${kept.engine}/${kept.id}`,
    kind: 'container',
    engine: kept.engine,
    name: kept.keptAs,
    objectId: kept.id,
    facts: [...facts],
    refusal,
  };
}

type Seen = {
  readonly found: ContainerDetails | null;
  readonly named: ContainerDetails | null;
  readonly serving: ContainerDetails | null;
};

/** Only the very container on record goes, only while it is down under the name it was kept as, and another one serves. */
export function refusalOfKept(kept: KeptByRun, { found, named, serving }: Seen): string | null {
  if (found?.id !== kept.id) {
    return named === null
      ? `It is gone already (${shortId(kept.id)}).`
      : `${kept.keptAs} is another container now (${shortId(named.id)}), not the one this run kept (${shortId(kept.id)}).`;
  }
  if (found.running || !stopped.has(found.status)) {
    return `It is ${found.status}: somebody has taken it into use.`;
  }
  if (found.name !== kept.keptAs) {
    return `It is called ${found.name} now, not ${kept.keptAs}: somebody has taken it into use.`;
  }
  if (serving === null || serving.id === kept.id || !isUp(serving)) {
    return `No running container is called ${kept.service}: this one may be the only way back.`;
  }
  return null;
}

type Losses = {
  readonly kept: KeptByRun;
  readonly found: ContainerDetails;
  readonly serving: ContainerDetails | null;
  readonly now: string;
};

async function lossesOf(
  port: DockerPort,
  { kept, found, serving, now }: Losses,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const bytes = await port.writableBytes(kept.id, signal);
  const orphans = await orphansOf(port, found, serving, signal);
  const days = Math.max(0, Math.floor((Date.parse(now) - Date.parse(kept.since)) / dayMs));
  return [
    `Kept since ${minute(kept.since)}, ${count(days, 'day')} ago; last started ${minute(found.startedAt)}.`,
    bytes === null
      ? 'The engine does not tell how much it has written outside its volumes; that is lost.'
      : `${megabytes(bytes)} written outside its volumes are lost, and its log on the engine.`,
    ...(orphans.length === 0
      ? ['No anonymous volume is left without a container.']
      : [`Stay on the engine, used by no container any more: ${orphans.join(', ')}.`]),
  ];
}

/** Anonymous volumes that only this container mounts. Others are only asked for where the serving one has not taken them on. */
async function orphansOf(
  port: DockerPort,
  container: ContainerDetails,
  serving: ContainerDetails | null,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const own = volumesOf(container).filter((name) => anonymous.test(name));
  const taken = new Set(serving === null ? [] : volumesOf(serving));
  if (own.every((name) => taken.has(name))) {
    return [];
  }
  for (const { id } of await port.containers(null, signal)) {
    const other = id === container.id ? null : await port.container(id, signal);
    (other === null ? [] : volumesOf(other)).forEach((name) => taken.add(name));
  }
  return own.filter((name) => !taken.has(name)).map((name) => `volume ${name.slice(0, 12)}`);
}

const anonymous = /^[0-9a-f]{64}$/;

function volumesOf({ mounts }: ContainerDetails): readonly string[] {
  return mounts.flatMap(({ Type, Name }) =>
    Type === 'volume' && typeof Name === 'string' ? [Name] : [],
  );
}

/** Images of the service that nothing but what this run kept still uses; reads only. */
export async function lookAtImages(
  port: DockerPort,
  { engine, repository }: CleanUpPlace,
  kept: readonly KeptByRun[],
  signal: AbortSignal,
): Promise<readonly CleanUpOffer[]> {
  const [images, containers] = await Promise.all([
    port.images(repository, signal),
    port.containers(null, signal),
  ]);
  const keptIds = new Set(kept.map(({ id }) => id));
  return images.map((image) => {
    const users = containers.filter(({ imageId }) => imageId === image.id);
    const others = users.filter(({ id }) => !keptIds.has(id)).map(({ name }) => name);
    const isKept = users.length > others.length;
    return {
      id: `${engine}/${image.id}`,
      kind: 'image',
      engine,
      // Under the service's own name, whoever else has given it one.
      name: image.tags.find((tag) => tag.startsWith(`${repository}:`)) ?? shortId(image.id),
      objectId: image.id,
      facts: [...factsOf(image), ...(isKept ? ['Goes only after the container kept of it.'] : [])],
      refusal: refusalOfImage(image, repository, others),
    };
  });
}

export function refusalOfImage(
  { tags }: Pick<ImageSummary, 'tags'>,
  repository: string,
  users: readonly string[],
): string | null {
  if (users.length > 0) {
    return `In use by ${users.join(', ')}.`;
  }
  const foreign = tags.filter((tag) => !tag.startsWith(`${repository}:`));
  return foreign.length === 0 ? null : `Also called ${foreign.join(', ')}: others may need it.`;
}

function factsOf({ sizeBytes, createdAt, digests, tags }: ImageSummary): readonly string[] {
  const names = tags.join(', ') || 'no name';
  return [
    `${names}: ${megabytes(sizeBytes)}, less what other images share; made ${minute(createdAt)}.`,
    digests.length === 0
      ? 'No registry is known to have it: no rollback can go back to it afterwards.'
      : `To go back to it, it must be loaded again: ${digests[0] ?? ''}.`,
  ];
}

/** Removes and looks again. DOCKER_NOT_AS_WANTED where it is still there. */
export async function removeItem(
  port: DockerPort,
  { kind, name, objectId }: CleanUpItem,
  signal: AbortSignal,
): Promise<void> {
  await (kind === 'container' ? port.remove(objectId, signal) : port.removeImage(objectId, signal));
  const isThere =
    kind === 'container'
      ? (await port.container(objectId, signal)) !== null
      : await port.image(objectId, signal).then(() => true, unlessMissing);
  if (isThere) {
    throw new AppError('DOCKER_NOT_AS_WANTED', `${name} (${shortId(objectId)}) is still there.`);
  }
}

function unlessMissing(thrown: unknown): boolean {
  if (thrown instanceof AppError && thrown.code === 'DOCKER_IMAGE_MISSING') {
    return false;
  }
  throw thrown;
}

function minute(at: string | null): string {
  return at === null ? 'at an unknown time' : `${at.slice(0, 16).replace('T', ' ')} UTC`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
