import { isActive, replicasOf } from './swarm-record.js';
import type { ServiceRecord, SwarmRecord, TaskRecord } from './swarm-record.js';

const ADDRESS = '127.0.0.1';
const ENGINE_VERSION = '24.0.7';
export const NODE_NAME = 'practice';

/** One entry of `GET /services`, and `GET /services/{id}` */
export function serviceView(service: ServiceRecord): object {
  const { id, version, createdAt, updatedAt, spec, previousSpec, update } = service;
  const { EndpointSpec: endpoint } = spec;
  const ports = endpoint?.Ports ?? [];
  return {
    ID: id,
    Version: { Index: version },
    CreatedAt: createdAt,
    UpdatedAt: updatedAt,
    Spec: spec,
    ...(previousSpec === null ? {} : { PreviousSpec: previousSpec }),
    Endpoint: ports.length === 0 ? { Spec: {} } : { Spec: endpoint, Ports: ports },
    ...(update === null
      ? {}
      : {
          UpdateStatus: {
            State: update.state,
            StartedAt: update.startedAt,
            ...(update.completedAt === null ? {} : { CompletedAt: update.completedAt }),
            Message: update.message,
          },
        }),
  };
}

/** What a list tells beside, where it is asked to. */
export function serviceStatus(service: ServiceRecord, tasks: readonly TaskRecord[]): object {
  return {
    ServiceStatus: {
      RunningTasks: tasks.filter((task) => isActive(task) && task.state === 'running').length,
      DesiredTasks: replicasOf(service),
      CompletedTasks: 0,
    },
  };
}

/** One entry of `GET /tasks`, and `GET /tasks/{id}` */
export function taskView(task: TaskRecord, { nodeId }: SwarmRecord): object {
  const { Runtime: _runtime, ...spec } = task.spec;
  const container = {
    ContainerStatus: {
      ContainerID: task.containerId,
      PID: task.state === 'running' ? pidOf(task) : 0,
      ExitCode: task.exitCode,
    },
  };
  return {
    ID: task.id,
    Version: { Index: task.version },
    CreatedAt: task.createdAt,
    UpdatedAt: task.updatedAt,
    Labels: {},
    Spec: spec,
    ServiceID: task.serviceId,
    Slot: task.slot,
    NodeID: nodeId,
    Status: {
      Timestamp: task.at,
      State: task.state,
      Message: task.message,
      ...(task.error === '' ? {} : { Err: task.error }),
      ...(task.containerId === null ? {} : container),
      PortStatus: {},
    },
    DesiredState: task.desiredState,
  };
}

/** The one node there is. */
export function nodeView({ nodeId, createdAt }: SwarmRecord): object {
  return {
    ID: nodeId,
    Version: { Index: 9 },
    CreatedAt: createdAt,
    UpdatedAt: createdAt,
    Spec: { Labels: {}, Role: 'manager', Availability: 'active' },
    Description: {
      Hostname: NODE_NAME,
      Platform: { Architecture: 'x86_64', OS: 'linux' },
      Resources: { NanoCPUs: 2_000_000_000, MemoryBytes: 4_294_967_296 },
      Engine: { EngineVersion: ENGINE_VERSION },
      TLSInfo: {},
    },
    Status: { State: 'ready', Addr: ADDRESS },
    ManagerStatus: { Leader: true, Reachability: 'reachable', Addr: `${ADDRESS}:2377` },
  };
}

/** `GET /swarm`, without the tokens by which others could join: there is nothing to join. */
export function clusterView({ clusterId, createdAt }: SwarmRecord): object {
  return {
    ID: clusterId,
    Version: { Index: 10 },
    CreatedAt: createdAt,
    UpdatedAt: createdAt,
    Spec: {
      Name: 'default',
      Labels: {},
      Orchestration: { TaskHistoryRetentionLimit: 5 },
      Raft: { SnapshotInterval: 10_000, ElectionTick: 10, HeartbeatTick: 1 },
      Dispatcher: { HeartbeatPeriod: 5_000_000_000 },
      CAConfig: { NodeCertExpiry: 7_776_000_000_000_000 },
      TaskDefaults: {},
      EncryptionConfig: { AutoLockManagers: false },
    },
    TLSInfo: {},
    RootRotationInProgress: false,
  };
}

/** What `GET /info` says of the swarm. */
export function swarmInfo(record: SwarmRecord | null): object {
  const none = { NodeID: '', NodeAddr: '', LocalNodeState: 'inactive', ControlAvailable: false };
  return record === null
    ? { ...none, Error: '', RemoteManagers: null }
    : {
        NodeID: record.nodeId,
        NodeAddr: ADDRESS,
        LocalNodeState: 'active',
        ControlAvailable: true,
        Error: '',
        RemoteManagers: [{ NodeID: record.nodeId, Addr: `${ADDRESS}:2377` }],
        Nodes: 1,
        Managers: 1,
        Cluster: clusterView(record),
      };
}

function pidOf({ id }: TaskRecord): number {
  return 2_000 + (((id.codePointAt(0) ?? 0) * 97 + (id.codePointAt(1) ?? 0)) % 28_000);
}
