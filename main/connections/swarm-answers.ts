import { z } from 'zod';
import { byTime } from '../../shared/newest-first.js';
import { readAnswer } from './docker-answers.js';
import type { SwarmService, SwarmTask } from './swarm-types.js';

const Loose = z.record(z.string(), z.json());

const ServiceAnswer = z.looseObject({
  ID: z.string().min(1),
  Version: z.looseObject({ Index: z.int().nonnegative() }),
  UpdatedAt: z.string().nullish(),
  Spec: Loose.and(z.looseObject({ Name: z.string(), TaskTemplate: Loose })),
  PreviousSpec: Loose.nullish(),
  UpdateStatus: z
    .looseObject({
      State: z.string().nullish(),
      Message: z.string().nullish(),
      StartedAt: z.string().nullish(),
    })
    .nullish(),
});

const TaskAnswer = z.looseObject({
  ID: z.string().min(1),
  Slot: z.int().nullish(),
  NodeID: z.string().nullish(),
  DesiredState: z.string(),
  Status: z.looseObject({
    Timestamp: z.string(),
    State: z.string(),
    Err: z.string().nullish(),
    ContainerStatus: z.looseObject({ ContainerID: z.string().nullish() }).nullish(),
  }),
  Spec: z.looseObject({ ContainerSpec: Loose.nullish(), ForceUpdate: z.int().nullish() }),
  CreatedAt: z.string(),
});

export const InfoAnswer = z.looseObject({
  Swarm: z
    .looseObject({ NodeID: z.string(), LocalNodeState: z.string(), ControlAvailable: z.boolean() })
    .nullish(),
});

const updateStates = [
  'updating',
  'paused',
  'completed',
  'rollback_started',
  'rollback_paused',
  'rollback_completed',
] as const;

export function toSwarmServices(raw: unknown): readonly SwarmService[] {
  return readAnswer('its services', z.array(ServiceAnswer), raw).map((answer) => {
    const { UpdateStatus: update, PreviousSpec: previous } = answer;
    const state = update?.State ?? '';
    return {
      id: answer.ID,
      name: answer.Spec.Name,
      version: answer.Version.Index,
      updatedAt: answer.UpdatedAt ?? null,
      spec: answer.Spec,
      previousSpec: previous ?? null,
      update:
        state === ''
          ? null
          : {
              state: updateStates.find((known) => known === state) ?? 'unknown',
              message: update?.Message ?? '',
              startedAt: update?.StartedAt ?? null,
            },
    };
  });
}

export function toSwarmTasks(raw: unknown): readonly SwarmTask[] {
  return readAnswer('the tasks of a service', z.array(TaskAnswer), raw)
    .toSorted((left, right) => byTime(right.CreatedAt, left.CreatedAt))
    .map(({ ID, Slot, NodeID, DesiredState, Status, Spec }) => ({
      id: ID,
      slot: Slot || null,
      nodeId: NodeID ?? '',
      state: Status.State,
      desiredState: DesiredState,
      error: Status.Err ?? '',
      at: Status.Timestamp,
      containerId: Status.ContainerStatus?.ContainerID || null,
      containerSpec: Spec.ContainerSpec ?? {},
      forceUpdate: Spec.ForceUpdate ?? 0,
    }));
}
