import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type {
  ContainerDetails,
  ContainerSpec,
  ImageDetails,
  ListedContainer,
  LogLine,
  ReadLogOptions,
  RestartPolicy,
} from '../../main/connections/ports.js';
import { AppError } from '../../shared/errors/app-error.js';

export type ImageManner = 'serves' | 'crashes' | 'ignores-stop';

export type FakeImage = { details: ImageDetails; readonly manner: ImageManner };

export type FakeContainer = {
  details: ContainerDetails;
  readonly lines: LogLine[];
  readonly publishes: readonly string[];
  readonly boundPorts: Set<string>;
  readonly followers: Set<{ readonly onLine: (line: LogLine) => void; readonly end: () => void }>;
};

/** The engine's clock: every reading is a microsecond later, so that order shows. */
export class FakeTime {
  #ticks = 0;

  next(): string {
    this.#ticks += 1;
    return `2026-01-15T10:00:00.${String(this.#ticks).padStart(6, '0')}000Z`;
  }
}

const Config = z.looseObject({
  Env: z.array(z.string()).optional(),
  Labels: z.record(z.string(), z.string()).optional(),
  Healthcheck: z.json().optional(),
});

export function fakeImage(
  tag: string,
  manner: ImageManner,
  config: ImageDetails['config'],
  at: string,
): FakeImage {
  const { Labels = {}, Healthcheck } = Config.parse(config);
  const id = `sha256:${createHash('sha256').update(`${tag} ${at}`).digest('hex')}`;
  const details = {
    id,
    tags: [tag],
    digests: [],
    createdAt: at,
    sizeBytes: 40_000_000,
    labels: Labels,
    config,
    hasHealthcheck: Healthcheck !== undefined,
  };
  return { details, manner };
}

const HostConfig = z.looseObject({
  AutoRemove: z.boolean().optional(),
  PortBindings: z.record(z.string(), z.array(z.looseObject({ HostPort: z.string() }))).optional(),
  RestartPolicy: z
    .looseObject({ Name: z.string(), MaximumRetryCount: z.number().optional() })
    .optional(),
});

/** Fills in from the image what the create call left out, as the engine does. */
export function fakeContainer(
  name: string,
  spec: ContainerSpec,
  image: ImageDetails,
): FakeContainer {
  const { HostConfig: hostConfig, NetworkingConfig: networking, ...own } = spec;
  const host = HostConfig.parse(hostConfig);
  const imageConfig = Config.parse(image.config);
  const names = new Set((Config.parse(own).Env ?? []).map((entry) => entry.split('=')[0]));
  const fromImage = (imageConfig.Env ?? []).filter((entry) => !names.has(entry.split('=')[0]));
  const labels = { ...image.labels, ...spec.Labels };
  const id = randomBytes(32).toString('hex');
  const details: ContainerDetails = {
    id,
    name,
    imageId: image.id,
    imageReference: spec.Image,
    running: false,
    status: 'created',
    startedAt: null,
    exitCode: 0,
    restartCount: 0,
    health: 'none',
    restartPolicy: {
      name: host.RestartPolicy?.Name ?? 'no',
      maximumRetryCount: host.RestartPolicy?.MaximumRetryCount ?? 0,
    },
    labels,
    tty: own['Tty'] === true,
    autoRemove: host.AutoRemove ?? false,
    config: {
      Hostname: id.slice(0, 12),
      ...image.config,
      ...own,
      Env: [...(Config.parse(own).Env ?? []), ...fromImage],
      Labels: labels,
    },
    hostConfig,
    networks: networking.EndpointsConfig,
    mounts: [],
  };
  const publishes = Object.values(host.PortBindings ?? {}).flatMap((bindings) =>
    bindings.map(({ HostPort }) => HostPort),
  );
  return { details, lines: [], publishes, boundPorts: new Set(), followers: new Set() };
}

export function linesOf(
  { lines }: FakeContainer,
  { tail, since }: ReadLogOptions,
): readonly LogLine[] {
  const last = tail === 0 ? [] : lines.slice(-tail);
  return last.filter(({ at }) => since === undefined || at >= since);
}

export function startedDetails(
  details: ContainerDetails,
  startedAt: string,
  image: ImageDetails,
): ContainerDetails {
  const health = image.hasHealthcheck ? 'starting' : 'none';
  return { ...details, running: true, status: 'running', startedAt, exitCode: 0, health };
}

export function withRestartPolicy(
  details: ContainerDetails,
  policy: RestartPolicy,
): ContainerDetails {
  if (details.status === 'restarting') {
    throw new AppError('DOCKER_REFUSED', 'It has just ended and is not running again yet.');
  }
  const RestartPolicy = { Name: policy.name, MaximumRetryCount: policy.maximumRetryCount };
  const hostConfig = { ...details.hostConfig, RestartPolicy };
  return { ...details, restartPolicy: { ...policy }, hostConfig };
}

export function listedBy(
  label: string | null,
  all: readonly FakeContainer[],
): readonly ListedContainer[] {
  const [key = '', value] = label?.split('=') ?? [];
  return all
    .map(({ details }) => details)
    .filter(
      ({ labels }) =>
        label === null || (key in labels && (value === undefined || labels[key] === value)),
    )
    .map(({ id, name, imageId, status, labels }) => ({ id, name, imageId, status, labels }))
    .sort((left, right) => left.name.localeCompare(right.name, 'en', { numeric: true }));
}

export const fakeInfo = {
  apiVersion: '1.41',
  engineVersion: '20.10.24',
  name: 'Fake Engine',
  place: 'fake',
  lacks: [],
};
