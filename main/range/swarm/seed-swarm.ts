import { createClock, fromMilliseconds, NEVER } from '../clock.js';
import { makeContainer } from '../create-container.js';
import type { ServiceManner } from '../service-manner.js';
import type { ContainerRecord, ImageRecord } from '../world.js';
import { swarmId } from './swarm-id.js';
import type { ServiceRecord, ServiceSpec, SwarmRecord, TaskRecord } from './swarm-record.js';
import { containerOf } from './task-container.js';

const HOUR_MS = 3_600_000;
const SECOND = 1_000_000_000;
const REPLICAS = 2;

export type SwarmSeed = {
  readonly manner: ServiceManner;
  /** Its name among the swarm's services. */
  readonly service: string;
  readonly images: readonly ImageRecord[];
  readonly port: number;
  readonly secret: string;
  readonly nowMs: number;
};

/**
 * A service that was taken to the sick version two hours ago. Its health check failed there, so that whoever deployed it switched
 * the check off: that is why the engine let it pass.
 */
export function seedSwarm(seed: SwarmSeed): {
  readonly swarm: SwarmRecord;
  readonly containers: readonly ContainerRecord[];
} {
  const { manner, images, nowMs } = seed;
  const changedMs = nowMs - 2.1 * HOUR_MS;
  const nameOf = (wanted: string): string =>
    images.find(({ version }) => version === wanted)?.tags.at(-1) ?? '';
  const healthy = specOf(seed, nameOf(manner.healthy[0] ?? ''));
  const service: ServiceRecord = {
    id: swarmId(),
    version: 21,
    createdAt: fromMilliseconds(nowMs - 216 * HOUR_MS),
    updatedAt: fromMilliseconds(changedMs + 9_000),
    spec: withoutCheck(specOf(seed, nameOf(manner.sick))),
    previousSpec: healthy,
    update: {
      state: 'completed',
      startedAt: fromMilliseconds(changedMs),
      completedAt: fromMilliseconds(changedMs + 9_000),
      message: 'update completed',
    },
  };
  const slots = Array.from({ length: REPLICAS }, (_, index) => index + 1);
  const record: SwarmRecord = {
    clusterId: swarmId(),
    nodeId: swarmId(),
    createdAt: service.createdAt,
    index: 40,
    services: [service],
    tasks: slots.flatMap((slot) => [
      past(service, slot, changedMs + slot * 2_000),
      taskOf(service, slot, changedMs + slot * 2_000),
    ]),
  };
  return { swarm: record, containers: containersOf(record, service, images) };
}

function specOf({ manner, service: name, port, secret }: SwarmSeed, image: string): ServiceSpec {
  const { port: targetPort } = manner.service;
  const order = { FailureAction: 'pause', MaxFailureRatio: 0, Order: 'stop-first' };
  const update = { Parallelism: 1, Monitor: 2 * SECOND, ...order };
  return {
    Name: name,
    Labels: { 'operations.team': 'on-call' },
    TaskTemplate: {
      ContainerSpec: {
        Image: image,
        Env: ['NODE_ENV=production', 'LOG_LEVEL=info', `PORT=${targetPort}`, `API_TOKEN=${secret}`],
        Init: false,
        StopGracePeriod: 10 * SECOND,
        DNSConfig: {},
        Isolation: 'default',
      },
      Resources: { Limits: { MemoryBytes: 536_870_912 }, Reservations: {} },
      RestartPolicy: { Condition: 'any', Delay: 2 * SECOND, MaxAttempts: 0 },
      Placement: {},
      ForceUpdate: 0,
      Runtime: 'container',
    },
    Mode: { Replicated: { Replicas: REPLICAS } },
    UpdateConfig: update,
    RollbackConfig: update,
    EndpointSpec: {
      Mode: 'vip',
      Ports: [
        { Protocol: 'tcp', TargetPort: targetPort, PublishedPort: port, PublishMode: 'ingress' },
      ],
    },
  };
}

function withoutCheck(spec: ServiceSpec): ServiceSpec {
  const { ContainerSpec } = spec.TaskTemplate;
  const container = { ...ContainerSpec, Healthcheck: { Test: ['NONE'] } };
  return { ...spec, TaskTemplate: { ...spec.TaskTemplate, ContainerSpec: container } };
}

function taskOf(service: ServiceRecord, slot: number, startedMs: number): TaskRecord {
  const at = fromMilliseconds(startedMs);
  return {
    id: swarmId(),
    version: 20 + slot,
    createdAt: at,
    updatedAt: at,
    serviceId: service.id,
    slot,
    spec: structuredClone(service.spec.TaskTemplate),
    desiredState: 'running',
    state: 'running',
    at,
    message: 'started',
    error: '',
    exitCode: 0,
    containerId: null,
  };
}

/** The task of before. Its container is gone; the swarm still tells of it. */
function past(service: ServiceRecord, slot: number, endedMs: number): TaskRecord {
  const { TaskTemplate: spec } = service.previousSpec ?? service.spec;
  return {
    ...taskOf(service, slot, endedMs - 1_000),
    createdAt: service.createdAt,
    spec: structuredClone(spec),
    desiredState: 'shutdown',
    state: 'shutdown',
    message: 'shutdown',
  };
}

function containersOf(
  record: SwarmRecord,
  service: ServiceRecord,
  images: readonly ImageRecord[],
): readonly ContainerRecord[] {
  const book = { record, service: () => service };
  return record.tasks
    .filter(({ state }) => state === 'running')
    .map((task) => {
      const image = images.find(({ tags }) => tags.includes(task.spec.ContainerSpec.Image));
      if (image === undefined) {
        throw new Error('a swarm is laid with the images of its service');
      }
      const { name, request } = containerOf(book, task);
      const clock = createClock(() => Date.parse(task.createdAt));
      const made = makeContainer(name, request, image, clock);
      task.containerId = made.id;
      const state = { status: 'running' as const, startedAt: task.createdAt, finishedAt: NEVER };
      return { ...made, state: { ...made.state, ...state } };
    });
}
