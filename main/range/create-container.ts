import { randomBytes } from 'node:crypto';
import { posix } from 'node:path';
import { z } from 'zod';
import type { RangeClock } from './clock.js';
import { NEVER } from './clock.js';
import { EngineError } from './engine-error.js';
import { ContainerConfig, HostConfig } from './world.js';
import type { ContainerRecord, ImageRecord, Mount, VolumeRecord } from './world.js';

const Endpoints = z.record(z.string(), z.record(z.string(), z.json()).nullable()).nullish();

const CreateBody = z.looseObject({
  HostConfig: HostConfig.nullish(),
  NetworkingConfig: z.looseObject({ EndpointsConfig: Endpoints }).nullish(),
});

export type CreateRequest = {
  readonly config: ContainerConfig;
  readonly hostConfig: HostConfig;
  readonly endpoints: ContainerRecord['endpoints'];
};

/** Fails with 400, like the engine, when the body is not what it understands. */
export function parseCreate(body: unknown): CreateRequest {
  const frame = understood(CreateBody, body);
  const config = understood(ContainerConfig, without(body, 'HostConfig', 'NetworkingConfig'));
  if (!config.Image) {
    throw new EngineError(400, 'config cannot be empty in order to create a container');
  }
  const endpoints = Object.entries(frame.NetworkingConfig?.EndpointsConfig ?? {});
  return {
    config,
    hostConfig: frame.HostConfig ?? {},
    endpoints: Object.fromEntries(endpoints.map(([name, value]) => [name, value ?? {}])),
  };
}

function understood<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) {
    return parsed.data;
  }
  const issue = parsed.error.issues[0];
  throw new EngineError(
    400,
    `invalid JSON: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
  );
}

/** The container as the engine would write it down: the image's own settings filled in where none were given. */
export function makeContainer(
  name: string,
  request: CreateRequest,
  image: ImageRecord,
  clock: RangeClock,
): ContainerRecord {
  const id = randomBytes(32).toString('hex');
  return {
    id,
    name,
    createdAt: clock.stamp(),
    imageId: image.id,
    version: image.version,
    config: {
      ...mergeConfig(request.config, image.config),
      Hostname: request.config.Hostname || id.slice(0, 12),
    },
    hostConfig: withDefaults(request.hostConfig),
    endpoints: request.endpoints,
    mounts: mountsOf(request, image),
    isForeign: false,
    state: {
      status: 'created',
      startedAt: NEVER,
      finishedAt: NEVER,
      exitCode: 0,
      error: '',
      restartCount: 0,
      isStopping: false,
      isPaused: false,
      ports: {},
    },
  };
}

export function volumesOf(container: ContainerRecord, createdAt: string): VolumeRecord[] {
  return container.mounts.flatMap((mount) =>
    mount.Type === 'volume' && mount.Name !== undefined ? [{ name: mount.Name, createdAt }] : [],
  );
}

function mergeConfig(own: ContainerConfig, image: ContainerConfig): ContainerConfig {
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => !isUnset(value)));
  return {
    ...image,
    ...given,
    Env: mergeEnvironment(image.Env ?? [], own.Env ?? []),
    Labels: { ...image.Labels, ...own.Labels },
    ExposedPorts: { ...image.ExposedPorts, ...own.ExposedPorts },
    Volumes: { ...image.Volumes, ...own.Volumes },
    // An entry point of one's own makes the image's command meaningless.
    Cmd: isUnset(own.Cmd) ? (isUnset(own.Entrypoint) ? (image.Cmd ?? null) : null) : own.Cmd,
  };
}

function mergeEnvironment(image: readonly string[], own: readonly string[]): string[] {
  const names = new Set(own.map((entry) => entry.split('=')[0]));
  return [...own, ...image.filter((entry) => !names.has(entry.split('=')[0]))];
}

function isUnset(value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    value === '' ||
    (Array.isArray(value) && value.length === 0)
  );
}

function withDefaults(own: HostConfig): HostConfig {
  return {
    ...own,
    NetworkMode: !own.NetworkMode || own.NetworkMode === 'default' ? 'bridge' : own.NetworkMode,
    RestartPolicy: {
      Name: own.RestartPolicy?.Name || 'no',
      MaximumRetryCount: own.RestartPolicy?.MaximumRetryCount ?? 0,
    },
    AutoRemove: own.AutoRemove ?? false,
    PortBindings: own.PortBindings ?? {},
  };
}

function mountsOf({ config, hostConfig }: CreateRequest, image: ImageRecord): Mount[] {
  const bound = (hostConfig.Binds ?? []).map((bind) => {
    const [source = '', target = '', mode = ''] = bind.split(':');
    return mount(
      source.startsWith('/') ? 'bind' : 'volume',
      source,
      target,
      mode,
      !mode.split(',').includes('ro'),
    );
  });
  const wanted = (hostConfig.Mounts ?? []).map((entry) =>
    mount(entry.Type, entry.Source || newVolumeName(), entry.Target, 'z', entry.ReadOnly !== true),
  );
  const named = [...bound, ...wanted];
  refuseDoubles(named);
  const anonymous = Object.keys({ ...image.config.Volumes, ...config.Volumes })
    .filter((target) => named.every(({ Destination }) => Destination !== target))
    .map((target) => mount('volume', newVolumeName(), target, '', true));
  return [...named, ...anonymous];
}

function mount(
  type: string,
  source: string,
  target: string,
  mode: string,
  isWritable: boolean,
): Mount {
  const shared = { Destination: asDestination(target), Mode: mode, RW: isWritable };
  return type === 'volume'
    ? {
        Type: type,
        Name: source,
        Source: volumePath(source),
        Driver: 'local',
        ...shared,
        Propagation: '',
      }
    : { Type: type, Source: source, ...shared, Propagation: 'rprivate' };
}

/** A slash too many at the end is taken and not written down. */
function asDestination(target: string): string {
  return posix.resolve('/', target);
}

function refuseDoubles(mounts: readonly Mount[]): void {
  const seen = new Set<string>();
  for (const { Destination } of mounts) {
    if (seen.has(Destination)) {
      throw new EngineError(400, `Duplicate mount point: ${Destination}`);
    }
    seen.add(Destination);
  }
}

export function volumePath(name: string): string {
  return `/var/lib/docker/volumes/${name}/_data`;
}

function newVolumeName(): string {
  return randomBytes(32).toString('hex');
}

function without(body: unknown, ...names: readonly string[]): unknown {
  return typeof body === 'object' && body !== null
    ? Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)))
    : body;
}
