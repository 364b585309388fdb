import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { RangeFault } from '../../shared/drill/faults.js';
import { createClock, fromMilliseconds } from './clock.js';
import { makeContainer, parseCreate, volumesOf } from './create-container.js';
import { seedSwarm } from './swarm/seed-swarm.js';
import type { ServiceManner } from './service-manner.js';
import type { ContainerRecord, ImageRecord, World } from './world.js';

const HOUR_MS = 3_600_000;
const MEGABYTE = 1_000_000;

export type Seed = {
  readonly runbookId: string;
  readonly manner: ServiceManner;
  readonly port: number;
  readonly faults: readonly RangeFault[];
  readonly nowMs: number;
};

/** A fresh world: the sick version serves since two hours, the healthy ones are there to go back to. */
export function seedWorld({ runbookId, manner, port, faults, nowMs }: Seed): World {
  const ofService = imagesOf(manner, nowMs);
  const images = [...ofService, unrelatedImage(nowMs)];
  // Opens nothing: it is there to show that secrets are carried over and never shown.
  const secret = randomBytes(24).toString('hex');
  const { swarm, containers } =
    manner.swarmService === null
      ? { swarm: null, containers: [servingContainer({ manner, images, port, secret, nowMs })] }
      : seedSwarm({ manner, service: manner.swarmService, images, port, secret, nowMs });
  return {
    format: 1,
    runbookId,
    engineId: randomUUID(),
    port,
    images,
    registry: [...ofService, ...onlyInRegistry(manner, nowMs)].map((image) =>
      structuredClone(image),
    ),
    containers: [...containers],
    volumes: containers.flatMap((container) => volumesOf(container, container.createdAt)),
    swarm,
    faults: faults.map((name) => ({ name, hits: 0 })),
  };
}

function imagesOf(manner: ServiceManner, nowMs: number): ImageRecord[] {
  return manner.repositories.flatMap((repository) => [
    imageOf(manner, repository, manner.sick, nowMs - 2.5 * HOUR_MS, 0, ['latest']),
    ...manner.healthy.map((version, index) =>
      imageOf(manner, repository, version, nowMs - (72 + 96 * index) * HOUR_MS, index + 1, []),
    ),
  ]);
}

/** Somebody has tidied the engine up; the registry still has them. */
function onlyInRegistry(manner: ServiceManner, nowMs: number): ImageRecord[] {
  const { healthy, inRegistry } = manner;
  return manner.repositories.flatMap((repository) =>
    inRegistry.map((version, index) => {
      const age = healthy.length + index;
      return imageOf(manner, repository, version, nowMs - (72 + 96 * age) * HOUR_MS, age + 1, []);
    }),
  );
}

function imageOf(
  { service }: ServiceManner,
  repository: string,
  version: string,
  createdMs: number,
  age: number,
  names: readonly string[],
): ImageRecord {
  return {
    // The same every time, so that two drills can be compared.
    id: `sha256:${digest(`image ${repository} ${version}`)}`,
    tags: [...new Set([...names, version])].map((tag) => `${repository}:${tag}`),
    digests: [`${repository}@sha256:${digest(`digest ${repository} ${version}`)}`],
    createdAt: fromMilliseconds(createdMs),
    sizeBytes: (500 - 3 * age) * MEGABYTE - age * 112_358,
    version,
    config: {
      User: 'node',
      Env: [
        'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        `SERVICE_VERSION=${version}`,
      ],
      Cmd: ['node', 'server.js'],
      Entrypoint: ['docker-entrypoint.sh'],
      WorkingDir: '/app',
      ExposedPorts: { [`${service.port}/tcp`]: {} },
      Labels: {
        'org.opencontainers.image.title': service.name,
        'org.opencontainers.image.version': version,
      },
      Healthcheck: {
        Test: [
          'CMD-SHELL',
          `wget -q -O /dev/null http://127.0.0.1:${service.port}${service.health.path}`,
        ],
        Interval: 500_000_000,
        Timeout: 2_000_000_000,
        Retries: 3,
      },
    },
  };
}

function unrelatedImage(nowMs: number): ImageRecord {
  return {
    id: `sha256:${digest('image of somebody else')}`,
    tags: ['somebody-else/tools:1.4'],
    digests: [],
    createdAt: fromMilliseconds(nowMs - 400 * HOUR_MS),
    sizeBytes: 7 * MEGABYTE,
    version: '1.4',
    config: { Cmd: ['tools'], Env: ['PATH=/usr/bin:/bin'] },
  };
}

type Serving = Omit<Seed, 'runbookId' | 'faults'> & {
  readonly images: readonly ImageRecord[];
  readonly secret: string;
};

/** Set up the way operators do it, so that there is something worth carrying over. */
function servingContainer({ manner, images, port, secret, nowMs }: Serving): ContainerRecord {
  const { service, container: name } = manner;
  const image = images.find(({ version }) => version === manner.sick);
  if (image === undefined) {
    throw new Error('a world is laid with an image of the sick version');
  }
  const startedMs = nowMs - 2.1 * HOUR_MS;
  const request = parseCreate({
    Image: image.tags.at(-1),
    Env: ['NODE_ENV=production', 'LOG_LEVEL=info', `PORT=${service.port}`, `API_TOKEN=${secret}`],
    Labels: { 'operations.team': 'on-call', 'operations.service': service.name },
    HostConfig: {
      PortBindings: { [`${service.port}/tcp`]: [{ HostIp: '127.0.0.1', HostPort: String(port) }] },
      RestartPolicy: { Name: 'unless-stopped', MaximumRetryCount: 0 },
      Binds: [`${service.name}-data:/app/data`],
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
      Memory: 536_870_912,
    },
  });
  const made = makeContainer(
    name,
    request,
    image,
    createClock(() => startedMs),
  );
  return {
    ...made,
    state: {
      ...made.state,
      status: 'running',
      startedAt: fromMilliseconds(startedMs + 400),
      ports: { [`${service.port}/tcp`]: port },
    },
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
