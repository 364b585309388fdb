import { createHash } from 'node:crypto';
import { z } from 'zod';
import { parsedOnce } from '../../../shared/parsed-once.js';
import type { Json } from '../../../shared/json.js';
import type { LooseObject } from '../../connections/ports.js';
import { SpecHash } from './names.js';

/** What may be written down about a specification: names, counts and a hash, never a value. */
export const SpecSight = z.strictObject({
  hash: SpecHash,
  image: z.string(),
  /** The names of its environment variables. */
  environment: z.array(z.string()),
  /** Null where it runs once on every node. */
  replicas: z.int().nonnegative().nullable(),
});
export type SpecSight = z.infer<typeof SpecSight>;

const Parts = z.looseObject({
  TaskTemplate: z.looseObject({
    ForceUpdate: z.int().nullish(),
    ContainerSpec: z
      .looseObject({ Image: z.string().nullish(), Env: z.array(z.string()).nullish() })
      .nullish(),
  }),
  Mode: z
    .looseObject({ Replicated: z.looseObject({ Replicas: z.int().nullish() }).nullish() })
    .nullish(),
});

function partsOf(spec: LooseObject): z.infer<typeof Parts> {
  return Parts.parse(spec, parsedOnce);
}

export function sightOf(spec: LooseObject): SpecSight {
  const { TaskTemplate, Mode } = partsOf(spec);
  return {
    hash: hashOf(spec),
    image: TaskTemplate.ContainerSpec?.Image ?? 'no image',
    environment: [...environmentOf(spec).keys()].toSorted(),
    replicas: Mode?.Replicated ? (Mode.Replicated.Replicas ?? 0) : null,
  };
}

/** The same for the same specification, in whatever order the engine writes its fields. */
export function hashOf(spec: LooseObject): string {
  return `spec:${createHash('sha256').update(canonical(spec)).digest('hex')}`;
}

/** Whether a task is one of this specification: how often it was forced to start anew counts too. */
export function runsSpec(
  task: { readonly containerSpec: LooseObject; readonly forceUpdate: number },
  spec: LooseObject,
): boolean {
  const { ForceUpdate } = partsOf(spec).TaskTemplate;
  const container = partsOf(spec).TaskTemplate.ContainerSpec ?? {};
  return (
    task.forceUpdate === (ForceUpdate ?? 0) &&
    canonical(task.containerSpec) === canonical(container)
  );
}

/** `v1.2.0` of `registry/team/web:v1.2.0@sha256:…`; where there is no tag, the beginning of the digest. */
export function versionOfImage(image: string): string {
  const [name = '', digest = ''] = image.split('@');
  const tag = /:([^/:]+)$/.exec(name)?.[1];
  return tag ?? (digest === '' ? name : digest.replace('sha256:', '').slice(0, 12));
}

export function replicasText(replicas: number | null): string {
  return replicas === null
    ? 'one on each node'
    : `${replicas} ${replicas === 1 ? 'replica' : 'replicas'}`;
}

export function sightText({ image, environment, replicas }: SpecSight): string {
  const names = environment.length === 0 ? 'no environment variables' : environment.join(', ');
  return `${image}; ${replicasText(replicas)}; environment: ${names}`;
}

/** What becomes different on the way from one to the other, without a single value of the environment. */
export function differencesOf(from: LooseObject, to: LooseObject): readonly string[] {
  const old = sightOf(from);
  const next = sightOf(to);
  return [
    ...(old.image === next.image ? [] : [`image ${old.image} → ${next.image}`]),
    ...(old.replicas === next.replicas
      ? []
      : [`${replicasText(old.replicas)} → ${replicasText(next.replicas)}`]),
    ...environmentDifferences(environmentOf(from), environmentOf(to)),
    ...otherDifferences(from, to),
  ];
}

function environmentDifferences(
  old: ReadonlyMap<string, string>,
  next: ReadonlyMap<string, string>,
): readonly string[] {
  const names = [...new Set([...old.keys(), ...next.keys()])].toSorted();
  return names.flatMap((name) => {
    if (!next.has(name)) {
      return [`variable ${name} goes`];
    }
    if (!old.has(name)) {
      return [`variable ${name} comes`];
    }
    return old.get(name) === next.get(name) ? [] : [`variable ${name} gets another value`];
  });
}

const told = /^(?:TaskTemplate\.ContainerSpec\.(?:Image|Env)|Mode)(?:\.|$)/;

/** Only where: what stands there may be a secret. */
function otherDifferences(from: LooseObject, to: LooseObject): readonly string[] {
  const old = leavesOf(from, '');
  const next = leavesOf(to, '');
  const paths = [...new Set([...old.keys(), ...next.keys()])].toSorted();
  return paths.filter((path) => !told.test(path) && old.get(path) !== next.get(path));
}

function leavesOf(value: Json, path: string): ReadonlyMap<string, string> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    return new Map([[path, canonical(value)]]);
  }
  return new Map(
    Object.entries(value).flatMap(([key, part]) => [
      ...leavesOf(part, path === '' ? key : `${path}.${key}`),
    ]),
  );
}

function environmentOf(spec: LooseObject): ReadonlyMap<string, string> {
  const entries = partsOf(spec).TaskTemplate.ContainerSpec?.Env ?? [];
  return new Map(
    entries.map((entry) => {
      const end = entry.indexOf('=');
      return end === -1 ? [entry, ''] : [entry.slice(0, end), entry.slice(end + 1)];
    }),
  );
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(
          Object.entries(part).toSorted(([left], [right]) => (left < right ? -1 : 1)),
        )
      : part,
  );
}
