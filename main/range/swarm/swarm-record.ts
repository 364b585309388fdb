import { z } from 'zod';
import { Healthcheck } from '../healthcheck.js';

// What clients send and what is kept on disk: what the range acts upon is typed, everything else is carried along.
export const ContainerSpec = z.looseObject({
  Image: z.string().min(1),
  Env: z.array(z.string()).nullish(),
  Labels: z.record(z.string(), z.string()).nullish(),
  Healthcheck: Healthcheck.nullish(),
  /** Nanoseconds, like every length of time here. */
  StopGracePeriod: z.number().nullish(),
});
export type ContainerSpec = z.infer<typeof ContainerSpec>;

export const TaskTemplate = z.looseObject({
  ContainerSpec,
  RestartPolicy: z
    .looseObject({ Condition: z.string().nullish(), Delay: z.number().nullish() })
    .nullish(),
  ForceUpdate: z.int().nullish(),
});
export type TaskTemplate = z.infer<typeof TaskTemplate>;

const UpdateConfig = z.looseObject({
  Parallelism: z.int().nonnegative().nullish(),
  Delay: z.number().nullish(),
  FailureAction: z.string().nullish(),
  Monitor: z.number().nullish(),
  MaxFailureRatio: z.number().nullish(),
});
export type UpdateConfig = z.infer<typeof UpdateConfig>;

export const ServiceSpec = z.looseObject({
  Name: z.string().min(1),
  Labels: z.record(z.string(), z.string()).nullish(),
  TaskTemplate,
  Mode: z.looseObject({
    Replicated: z.looseObject({ Replicas: z.int().nonnegative().nullish() }),
  }),
  UpdateConfig: UpdateConfig.nullish(),
  RollbackConfig: UpdateConfig.nullish(),
  EndpointSpec: z
    .looseObject({
      Ports: z
        .array(z.looseObject({ TargetPort: z.int(), PublishedPort: z.int().nullish() }))
        .nullish(),
    })
    .nullish(),
});
export type ServiceSpec = z.infer<typeof ServiceSpec>;

const UpdateState = z.enum([
  'updating',
  'paused',
  'completed',
  'rollback_started',
  'rollback_paused',
  'rollback_completed',
]);
export type UpdateState = z.infer<typeof UpdateState>;

export const ServiceRecord = z.strictObject({
  id: z.string(),
  version: z.int(),
  createdAt: z.string(),
  updatedAt: z.string(),
  spec: ServiceSpec,
  previousSpec: ServiceSpec.nullable(),
  update: z
    .strictObject({
      state: UpdateState,
      startedAt: z.string(),
      completedAt: z.string().nullable(),
      message: z.string(),
    })
    .nullable(),
});
export type ServiceRecord = z.infer<typeof ServiceRecord>;

const TaskState = z.enum([
  'assigned',
  'preparing',
  'ready',
  'starting',
  'running',
  'complete',
  'shutdown',
  'failed',
  'rejected',
]);
export type TaskState = z.infer<typeof TaskState>;

export const TaskRecord = z.strictObject({
  id: z.string(),
  version: z.int(),
  createdAt: z.string(),
  updatedAt: z.string(),
  serviceId: z.string(),
  slot: z.int().positive(),
  spec: TaskTemplate,
  /** `ready` while the task before it in the slot still ends. */
  desiredState: z.enum(['ready', 'running', 'shutdown', 'remove']),
  state: TaskState,
  at: z.string(),
  message: z.string(),
  error: z.string(),
  exitCode: z.int(),
  containerId: z.string().nullable(),
});
export type TaskRecord = z.infer<typeof TaskRecord>;

/** A swarm of one node, which is its manager. */
export const SwarmRecord = z.strictObject({
  clusterId: z.string(),
  nodeId: z.string(),
  createdAt: z.string(),
  /** Counts every change in the swarm; what changes carries it as its version. */
  index: z.int(),
  services: z.array(ServiceRecord),
  tasks: z.array(TaskRecord),
});
export type SwarmRecord = z.infer<typeof SwarmRecord>;

const ended: ReadonlySet<TaskState> = new Set(['complete', 'shutdown', 'failed', 'rejected']);

export function hasEnded({ state }: TaskRecord): boolean {
  return ended.has(state);
}

export function isActive(task: TaskRecord): boolean {
  return task.desiredState === 'running' || task.desiredState === 'ready';
}

export function replicasOf({ spec }: ServiceRecord): number {
  return spec.Mode.Replicated.Replicas ?? 1;
}
