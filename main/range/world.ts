import { z } from 'zod';
import { RangeFault } from '../../shared/drill/faults.js';
import { Healthcheck } from './healthcheck.js';
import { SwarmRecord } from './swarm/swarm-record.js';

// What clients send and what is kept on disk: the fields the range acts upon are typed, every other one is carried along.
const Texts = z.array(z.string()).nullish();
const Command = z.union([z.array(z.string()), z.string()]).nullish();

export const ContainerConfig = z.looseObject({
  Hostname: z.string().nullish(),
  User: z.string().nullish(),
  WorkingDir: z.string().nullish(),
  Image: z.string().nullish(),
  Tty: z.boolean().nullish(),
  Env: Texts,
  Cmd: Command,
  Entrypoint: Command,
  Labels: z.record(z.string(), z.string()).nullish(),
  ExposedPorts: z.record(z.string(), z.json()).nullish(),
  Volumes: z.record(z.string(), z.json()).nullish(),
  Healthcheck: Healthcheck.nullish(),
  StopSignal: z.string().nullish(),
  StopTimeout: z.int().nullish(),
});
export type ContainerConfig = z.infer<typeof ContainerConfig>;

const PortBinding = z.looseObject({ HostIp: z.string().nullish(), HostPort: z.string().nullish() });

export const RestartPolicy = z.looseObject({
  Name: z.string().nullish(),
  MaximumRetryCount: z.number().nullish(),
});

const MountWanted = z.looseObject({
  Type: z.string(),
  Source: z.string().nullish(),
  Target: z.string(),
  ReadOnly: z.boolean().nullish(),
});

export const HostConfig = z.looseObject({
  PortBindings: z.record(z.string(), z.array(PortBinding).nullable()).nullish(),
  RestartPolicy: RestartPolicy.nullish(),
  AutoRemove: z.boolean().nullish(),
  NetworkMode: z.string().nullish(),
  Binds: Texts,
  Mounts: z.array(MountWanted).nullish(),
});
export type HostConfig = z.infer<typeof HostConfig>;

export const Mount = z.looseObject({
  Type: z.string(),
  Name: z.string().optional(),
  Source: z.string(),
  Destination: z.string(),
  Mode: z.string(),
  RW: z.boolean(),
  Propagation: z.string(),
});
export type Mount = z.infer<typeof Mount>;

export const ImageRecord = z.strictObject({
  id: z.string(),
  tags: z.array(z.string()),
  digests: z.array(z.string()),
  createdAt: z.string(),
  sizeBytes: z.int(),
  version: z.string(),
  config: ContainerConfig,
});
export type ImageRecord = z.infer<typeof ImageRecord>;

export const ContainerRecord = z.strictObject({
  id: z.string(),
  name: z.string(),
  createdAt: z.string(),
  imageId: z.string(),
  /** Kept here too, because an image may be removed while its container lives on. */
  version: z.string(),
  config: ContainerConfig,
  hostConfig: HostConfig,
  endpoints: z.record(z.string(), z.record(z.string(), z.json())),
  mounts: z.array(Mount),
  /** Somebody else's, put in the way by a fault; gone after a restart. */
  isForeign: z.boolean(),
  state: z.strictObject({
    status: z.enum(['created', 'running', 'exited']),
    startedAt: z.string(),
    finishedAt: z.string(),
    exitCode: z.int(),
    error: z.string(),
    restartCount: z.int(),
    /** Asked to end, not ended yet: settled at the next opening if the console dies in between. */
    isStopping: z.boolean(),
    /** Left out in worlds of before there was a pause. */
    isPaused: z.boolean().default(false),
    /** `3000/tcp` → host port, while it runs. */
    ports: z.record(z.string(), z.int()),
  }),
});
export type ContainerRecord = z.infer<typeof ContainerRecord>;

export const VolumeRecord = z.strictObject({ name: z.string(), createdAt: z.string() });
export type VolumeRecord = z.infer<typeof VolumeRecord>;

export const FaultRecord = z.strictObject({ name: RangeFault, hits: z.int() });
export type FaultRecord = z.infer<typeof FaultRecord>;

/** Everything there is in one practice world, as it is kept on disk. */
export const World = z.strictObject({
  format: z.literal(1),
  runbookId: z.string(),
  engineId: z.string(),
  port: z.int(),
  images: z.array(ImageRecord),
  /** What the registry holds; left out in worlds of before there was one. */
  registry: z.array(ImageRecord).default([]),
  containers: z.array(ContainerRecord),
  volumes: z.array(VolumeRecord),
  faults: z.array(FaultRecord),
  /** Null where the engine is in no swarm. */
  swarm: SwarmRecord.nullable().default(null),
});
export type World = z.infer<typeof World>;
