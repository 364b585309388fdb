import {
  toContainerDetails,
  toImageDetails,
} from '../../../../../main/connections/docker-answers.js';
import type { ContainerDetails, ImageDetails } from '../../../../../main/connections/ports.js';

export const shortId = '4f66ad9a0b2e';
export const oldId = `${shortId}${'0'.repeat(52)}`;
export const oldImageId = `sha256:${'b'.repeat(64)}`;
export const targetImageId = `sha256:${'a'.repeat(64)}`;

const imageConfig = {
  Hostname: '',
  User: 'node',
  Env: ['PATH=/usr/local/bin:/usr/bin', 'APP_VERSION=1.2.0', 'NODE_ENV=production'],
  Cmd: ['node', 'server.js'],
  Entrypoint: ['/entrypoint.sh'],
  WorkingDir: '/app',
  ExposedPorts: { '3000/tcp': {} },
  Volumes: { '/data': {} },
  Labels: { 'org.opencontainers.image.version': '1.2.0', vendor: 'acme' },
  Healthcheck: { Test: ['CMD', 'check'], Interval: 30_000_000_000, Retries: 3 },
  StopSignal: 'SIGQUIT',
  OnBuild: ['RUN something'],
};

export function sampleImage(config: object = {}, id = oldImageId): ImageDetails {
  return toImageDetails({
    Id: id,
    RepoTags: ['web:v1.2.0'],
    RepoDigests: [],
    Created: '2026-01-14T10:00:00.5+02:00',
    Size: 1_000,
    Config: { ...imageConfig, ...config },
  });
}

export type Changes = {
  readonly Config?: object;
  readonly HostConfig?: object;
  readonly Networks?: object;
  readonly Mounts?: readonly object[];
};

/** As an engine reports a container that was run from the sample image with a few options of the operator's. */
export function sampleContainer(changes: Changes = {}): ContainerDetails {
  return toContainerDetails({
    Id: oldId,
    Name: '/web',
    Image: oldImageId,
    RestartCount: 0,
    State: { Status: 'running', Running: true, ExitCode: 0, StartedAt: '2026-01-15T09:00:00.1Z' },
    Config: {
      ...imageConfig,
      Hostname: shortId,
      Domainname: '',
      Image: 'web:v1.2.0',
      Tty: false,
      OpenStdin: false,
      Env: [
        'API_KEY=s3cret',
        'NODE_ENV=staging',
        'PATH=/usr/local/bin:/usr/bin',
        'APP_VERSION=1.2.0',
      ],
      Labels: { ...imageConfig.Labels, team: 'markets' },
      ...changes.Config,
    },
    HostConfig: {
      NetworkMode: 'front',
      PortBindings: { '3000/tcp': [{ HostIp: '', HostPort: '3000' }] },
      RestartPolicy: { Name: 'unless-stopped', MaximumRetryCount: 0 },
      AutoRemove: false,
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m' } },
      Ulimits: [{ Name: 'nofile', Soft: 1024, Hard: 2048 }],
      Memory: 268_435_456,
      Init: true,
      Devices: [],
      ContainerIDFile: '/run/web.cid',
      Binds: ['/etc/web:/config:ro'],
      ...changes.HostConfig,
    },
    NetworkSettings: {
      Networks: changes.Networks ?? {
        back: { IPAMConfig: null, Aliases: [shortId], NetworkID: 'n2', IPAddress: '172.19.0.5' },
        front: {
          IPAMConfig: { IPv4Address: '172.18.0.9' },
          Aliases: ['monitor', shortId],
          NetworkID: 'n1',
          IPAddress: '172.18.0.9',
          MacAddress: '02:42:ac:12:00:09',
        },
      },
    },
    Mounts: changes.Mounts ?? [
      { Type: 'bind', Source: '/etc/web', Destination: '/config', RW: false },
      { Type: 'volume', Name: 'f'.repeat(64), Destination: '/data', RW: true },
    ],
  });
}
