import { createHash } from 'node:crypto';
import { statusInWords } from './duration-words.js';
import type { HealthState } from './health-monitor.js';
import { configView, hostConfigView } from './host-config-view.js';
import { BRIDGE_ID } from './network-view.js';
import { bindingsOf } from './ports-of.js';
import type { ContainerRecord, ImageRecord } from './world.js';

export type Seen = {
  readonly container: ContainerRecord;
  /** Missing when it was removed under the container. */
  readonly image: ImageRecord | undefined;
  readonly health: HealthState | null;
  readonly nowMs: number;
};

/** `GET /containers/{id}/json` */
export function inspectView({ container, health }: Seen): object {
  const { id, name, state, config, hostConfig } = container;
  const isRunning = state.status === 'running';
  return {
    Id: id,
    Created: container.createdAt,
    Path: commandOf(container)[0] ?? '',
    Args: commandOf(container).slice(1),
    State: {
      Status: state.isPaused ? 'paused' : state.status,
      Running: isRunning,
      Paused: state.isPaused,
      Restarting: false,
      OOMKilled: false,
      Dead: false,
      Pid: isRunning ? pidOf(id) : 0,
      ExitCode: state.exitCode,
      Error: state.error,
      StartedAt: state.startedAt,
      FinishedAt: state.finishedAt,
      ...(health === null ? {} : { Health: health }),
    },
    Image: container.imageId,
    ResolvConfPath: `/var/lib/docker/containers/${id}/resolv.conf`,
    HostnamePath: `/var/lib/docker/containers/${id}/hostname`,
    HostsPath: `/var/lib/docker/containers/${id}/hosts`,
    LogPath: `/var/lib/docker/containers/${id}/${id}-json.log`,
    Name: `/${name}`,
    RestartCount: state.restartCount,
    Driver: 'overlay2',
    Platform: 'linux',
    MountLabel: '',
    ProcessLabel: '',
    AppArmorProfile: 'docker-default',
    ExecIDs: null,
    HostConfig: hostConfigView(hostConfig),
    GraphDriver: { Data: null, Name: 'overlay2' },
    Mounts: container.mounts,
    Config: configView(config),
    NetworkSettings: networkSettings(container),
  };
}

/** One entry of `GET /containers/json` */
export function listView({ container, image, health, nowMs }: Seen): unknown {
  const { state, config } = container;
  return {
    Id: container.id,
    Names: [`/${container.name}`],
    Image: config.Image ?? image?.tags[0] ?? container.imageId,
    ImageID: container.imageId,
    Command: commandOf(container).join(' '),
    Created: Math.floor(Date.parse(container.createdAt) / 1_000),
    Ports: listPorts(container),
    Labels: config.Labels ?? {},
    State: state.isPaused ? 'paused' : state.status,
    Status: statusInWords(state, health?.Status ?? null, nowMs),
    HostConfig: { NetworkMode: container.hostConfig.NetworkMode ?? 'bridge' },
    NetworkSettings: { Networks: networksOf(container) },
    Mounts: container.mounts,
  };
}

function commandOf({ config }: ContainerRecord): readonly string[] {
  return [config.Entrypoint, config.Cmd].flatMap((part) => part ?? []);
}

function listPorts(container: ContainerRecord): unknown[] {
  const bindings = bindingsOf(container);
  return Object.entries(container.state.ports).map(([key, port]) => ({
    IP: bindings.find((binding) => binding.key === key)?.hostIp ?? '0.0.0.0',
    PrivatePort: Number(key.split('/')[0]),
    PublicPort: port,
    Type: key.split('/')[1],
  }));
}

function networkSettings(container: ContainerRecord): unknown {
  const isRunning = container.state.status === 'running';
  const bindings = bindingsOf(container);
  const exposed = Object.keys(container.config.ExposedPorts ?? {}).map(
    (key) => [key, null] as const,
  );
  const published = Object.entries(container.state.ports).map(([key, port]) => {
    const hostIp = bindings.find((binding) => binding.key === key)?.hostIp ?? '0.0.0.0';
    return [key, [{ HostIp: hostIp, HostPort: String(port) }]] as const;
  });
  const networks = networksOf(container);
  return {
    Bridge: '',
    SandboxID: isRunning ? digest(`sandbox ${container.id}`) : '',
    SandboxKey: isRunning ? `/var/run/docker/netns/${container.id.slice(0, 12)}` : '',
    Ports: isRunning ? Object.fromEntries([...exposed, ...published]) : {},
    HairpinMode: false,
    LinkLocalIPv6Address: '',
    LinkLocalIPv6PrefixLen: 0,
    SecondaryIPAddresses: null,
    SecondaryIPv6Addresses: null,
    EndpointID: isRunning ? digest(`endpoint ${container.id}`) : '',
    Gateway: isRunning ? '172.17.0.1' : '',
    GlobalIPv6Address: '',
    GlobalIPv6PrefixLen: 0,
    IPAddress: isRunning ? addressOf(container.id) : '',
    IPPrefixLen: isRunning ? 16 : 0,
    IPv6Gateway: '',
    MacAddress: isRunning ? macOf(container.id) : '',
    Networks: networks,
  };
}

function networksOf(container: ContainerRecord): Record<string, unknown> {
  const isRunning = container.state.status === 'running';
  const names = Object.keys(container.endpoints);
  const all = names.length > 0 ? names : [container.hostConfig.NetworkMode ?? 'bridge'];
  const observed = {
    MacAddress: isRunning ? macOf(container.id) : '',
    NetworkID: isRunning ? BRIDGE_ID : '',
    EndpointID: isRunning ? digest(`endpoint ${container.id}`) : '',
    Gateway: isRunning ? '172.17.0.1' : '',
    IPAddress: isRunning ? addressOf(container.id) : '',
    IPPrefixLen: isRunning ? 16 : 0,
    IPv6Gateway: '',
    GlobalIPv6Address: '',
    GlobalIPv6PrefixLen: 0,
    DNSNames: null,
  };
  const given = { IPAMConfig: null, Links: null, Aliases: null, DriverOpts: null };
  return Object.fromEntries(
    all.map((name) => [name, { ...given, ...container.endpoints[name], ...observed }]),
  );
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function pidOf(id: string): number {
  return 2_000 + (Number.parseInt(id.slice(0, 4), 16) % 28_000);
}

/** Never answered by anything: a number to look at, as in a real inspection. */
function addressOf(id: string): string {
  return `172.17.0.${2 + (Number.parseInt(id.slice(0, 2), 16) % 250)}`;
}

function macOf(id: string): string {
  const last = (2 + (Number.parseInt(id.slice(0, 2), 16) % 250)).toString(16).padStart(2, '0');
  return `02:42:ac:11:00:${last}`;
}
