import { z } from 'zod';
import { AppError } from '../../shared/errors/app-error.js';
import { parsedOnce } from '../../shared/parsed-once.js';
import { newestFirst } from '../../shared/newest-first.js';
import { hasRepository } from './image-name.js';
import type {
  ContainerDetails,
  ContainerStats,
  ImageDetails,
  ImageSummary,
  LooseObject,
} from './ports.js';

// An engine's answers are foreign data and differ by version and make (Podman): what is not needed may be anything,
// what is needed is checked here once.
const Loose = z.record(z.string(), z.json());
const Texts = z.record(z.string(), z.string()).nullish();

export const VersionAnswer = z.looseObject({
  ApiVersion: z.string(),
  MinAPIVersion: z.string().optional(),
  Version: z.string(),
  Platform: z.looseObject({ Name: z.string() }).optional(),
  Components: z.array(z.looseObject({ Name: z.string() })).nullish(),
});

const ImageNames = z.looseObject({
  RepoTags: z.array(z.string()).nullish(),
  RepoDigests: z.array(z.string()).nullish(),
});

const ImagePart = ImageNames.extend({ Id: z.string(), Size: z.number().nonnegative() });

/** Its time is whole seconds since 1970, where the answer about one image writes it out. */
const ListedImage = ImagePart.extend({ Created: z.number().nullish(), Labels: Texts });

const ImageAnswer = ImagePart.extend({ Created: z.string().nullish(), Config: Loose.nullish() });

const ContainerAnswer = z.looseObject({
  Id: z.string().min(1),
  Name: z.string(),
  Image: z.string(),
  RestartCount: z.number().nullish(),
  State: z.looseObject({
    Status: z.string(),
    Running: z.boolean(),
    ExitCode: z.number(),
    StartedAt: z.string().nullish(),
    Health: z.looseObject({ Status: z.string() }).nullish(),
  }),
  Config: Loose,
  HostConfig: Loose,
  NetworkSettings: z.looseObject({ Networks: z.record(z.string(), Loose).nullish() }).nullish(),
  Mounts: z.array(Loose).nullish(),
});

const ConfigPart = z.looseObject({
  Image: z.string(),
  Labels: Texts,
  Tty: z.boolean().nullish(),
});

const HostConfigPart = z.looseObject({
  AutoRemove: z.boolean().nullish(),
  RestartPolicy: z
    .looseObject({ Name: z.string().nullish(), MaximumRetryCount: z.number().nullish() })
    .nullish(),
});

const StatsAnswer = z.looseObject({
  cpu_stats: z.looseObject({
    cpu_usage: z.looseObject({ total_usage: z.number() }),
    system_cpu_usage: z.number().optional(),
    online_cpus: z.number().optional(),
  }),
  precpu_stats: z.looseObject({
    cpu_usage: z.looseObject({ total_usage: z.number() }),
    system_cpu_usage: z.number().optional(),
  }),
  memory_stats: z.looseObject({
    usage: z.number().optional(),
    stats: z.record(z.string(), z.number()).optional(),
  }),
});

export const CreateAnswer = z.looseObject({ Id: z.string().min(1) });

export function readAnswer<T>(what: string, schema: z.ZodType<T>, raw: unknown): T {
  const parsed = schema.safeParse(raw, parsedOnce);
  if (parsed.success) {
    return parsed.data;
  }
  const path = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new AppError(
    'DOCKER_ANSWER_UNREADABLE',
    `The engine's answer about ${what} has no usable ${path}.`,
    {
      cause: parsed.error,
    },
  );
}

/** Those of one repository, newest first. Of the images of others nothing but their names is looked at. */
export function toImageSummaries(raw: unknown, repository: string): readonly ImageSummary[] {
  return readAnswer('its images', z.array(ImageNames), raw)
    .filter(({ RepoTags, RepoDigests }) =>
      [...(RepoTags ?? []), ...(RepoDigests ?? [])].some((name) => hasRepository(name, repository)),
    )
    .map(toImageSummary)
    .sort(newestFirst);
}

function toImageSummary(raw: unknown): ImageSummary {
  const answer = readAnswer('an image', ListedImage, raw);
  return {
    ...namesOf(answer),
    createdAt: isoOf((answer.Created ?? 0) * 1_000),
    labels: answer.Labels ?? {},
  };
}

export function toImageDetails(raw: unknown): ImageDetails {
  const answer = readAnswer('an image', ImageAnswer, raw);
  const config = answer.Config ?? {};
  return {
    ...namesOf(answer),
    createdAt: toDate(answer.Created),
    labels: readAnswer('image labels', Texts, config['Labels']) ?? {},
    config,
    hasHealthcheck: hasHealthcheck(config['Healthcheck']),
  };
}

function namesOf({
  Id,
  RepoTags,
  RepoDigests,
  Size,
}: z.infer<typeof ImagePart>): Pick<ImageDetails, 'id' | 'tags' | 'digests' | 'sizeBytes'> {
  return {
    id: Id,
    tags: (RepoTags ?? []).filter((tag) => tag !== '<none>:<none>'),
    digests: (RepoDigests ?? []).filter((digest) => !digest.startsWith('<none>')),
    sizeBytes: Size,
  };
}

export function toContainerDetails(raw: unknown): ContainerDetails {
  const answer = readAnswer('a container', ContainerAnswer, raw);
  const { State: state, Config: config, HostConfig: hostConfig } = answer;
  return {
    id: answer.Id,
    name: answer.Name.replace(/^\//, ''),
    imageId: answer.Image,
    running: state.Running,
    status: state.Status,
    startedAt: neverHappened(state.StartedAt) ? null : (state.StartedAt ?? null),
    exitCode: state.ExitCode,
    restartCount: answer.RestartCount ?? 0,
    health: toHealth(state.Health?.Status),
    ...fromConfig(config),
    ...fromHostConfig(hostConfig),
    config,
    hostConfig,
    networks: answer.NetworkSettings?.Networks ?? {},
    mounts: answer.Mounts ?? [],
  };
}

function fromConfig(
  config: LooseObject,
): Pick<ContainerDetails, 'imageReference' | 'labels' | 'tty'> {
  const { Image, Labels, Tty } = readAnswer("a container's settings", ConfigPart, config);
  return { imageReference: Image, labels: Labels ?? {}, tty: Tty ?? false };
}

function fromHostConfig(
  hostConfig: LooseObject,
): Pick<ContainerDetails, 'restartPolicy' | 'autoRemove'> {
  const { AutoRemove, RestartPolicy } = readAnswer(
    "a container's limits",
    HostConfigPart,
    hostConfig,
  );
  // No policy comes as an empty name.
  const name = RestartPolicy?.Name || 'no';
  const maximumRetryCount = RestartPolicy?.MaximumRetryCount ?? 0;
  return { restartPolicy: { name, maximumRetryCount }, autoRemove: AutoRemove ?? false };
}

/** Like `docker stats`: share of one core between two readings; memory without what the kernel only caches. */
export function toContainerStats(raw: unknown): ContainerStats {
  const {
    cpu_stats: now,
    precpu_stats: before,
    memory_stats: memory,
  } = readAnswer('load', StatsAnswer, raw);
  const used = now.cpu_usage.total_usage - before.cpu_usage.total_usage;
  const elapsed = (now.system_cpu_usage ?? 0) - (before.system_cpu_usage ?? 0);
  const cached = memory.stats?.['inactive_file'] ?? memory.stats?.['total_inactive_file'] ?? 0;
  return {
    cpuPercent: elapsed > 0 && used > 0 ? (used / elapsed) * (now.online_cpus ?? 1) * 100 : 0,
    memoryBytes: Math.max(0, (memory.usage ?? 0) - cached),
  };
}

function toHealth(status: string | undefined): ContainerDetails['health'] {
  return status === 'starting' || status === 'healthy' || status === 'unhealthy' ? status : 'none';
}

function hasHealthcheck(healthcheck: unknown): boolean {
  const parsed = z.looseObject({ Test: z.array(z.string()).min(1) }).safeParse(healthcheck);
  return parsed.success && parsed.data.Test[0] !== 'NONE';
}

/** Reproducible builds and "never" come as the year 1. */
function neverHappened(date: string | null | undefined): boolean {
  return !date || date.startsWith('0001-');
}

function toDate(date: string | null | undefined): string | null {
  return isoOf(neverHappened(date) ? Number.NaN : Date.parse(date ?? ''));
}

function isoOf(milliseconds: number): string | null {
  return Number.isNaN(milliseconds) || milliseconds <= 0
    ? null
    : new Date(milliseconds).toISOString();
}
