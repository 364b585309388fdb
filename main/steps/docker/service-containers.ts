import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import type { ServiceContainer } from '../../../shared/plan/per-container.js';
import type { DockerPort, ListedContainer } from '../../connections/ports.js';
import { containerNamed } from './containers.js';
import { ContainerName } from './names.js';

/** A service of several containers: one of them by its name, and what all of them carry. */
export type ContainersPlace = { readonly container: string; readonly label: string };

export type Members = {
  /** By name, as a person counts. */
  readonly up: readonly ListedContainer[];
  /** Carry the label and do not run: kept by an earlier run, or ended. No run touches them. */
  readonly down: readonly ListedContainer[];
};

/** As a plan holds them. */
export const PlannedContainers = z
  .array(z.strictObject({ id: z.string().min(1), name: ContainerName }))
  .min(1);

const notUp: ReadonlySet<string> = new Set(['created', 'exited', 'dead']);
const composePrefix = 'com.docker.compose.';
const projectLabel = `${composePrefix}project`;

/** Compose gives the same service name in every project, so with its labels only the same project counts. */
export async function membersOf(
  port: DockerPort,
  { container, label }: ContainersPlace,
  signal: AbortSignal,
): Promise<Members> {
  const listed = await port.containers(label, signal);
  const project = listed.find(({ name }) => name === container)?.labels[projectLabel];
  const isCompose = label.startsWith(composePrefix);
  const own = listed
    .filter(({ labels }) => !isCompose || labels[projectLabel] === project)
    .toSorted((left, right) => left.name.localeCompare(right.name, 'en', { numeric: true }));
  // The one that the runbook names is meant even where it has ended.
  const isUp = ({ name, status }: ListedContainer): boolean =>
    name === container || !notUp.has(status);
  return { up: own.filter(isUp), down: own.filter((one) => !isUp(one)) };
}

/** What a plan is made for. DOCKER_CONTAINERS_CHANGED where the one that the runbook names is not among them. */
export async function containersToPlan(
  port: DockerPort,
  place: ContainersPlace & { readonly servicePort: number },
  signal: AbortSignal,
): Promise<readonly ServiceContainer[]> {
  const { up } = await membersOf(port, place, signal);
  if (!up.some(({ name }) => name === place.container)) {
    throw new AppError(
      'DOCKER_CONTAINERS_CHANGED',
      `No container named ${place.container} carries the label ${place.label}.`,
    );
  }
  return Promise.all(
    up.map(async ({ id, name }) => {
      const { hostConfig } = await containerNamed(port, name, signal);
      return { id, name, port: publishedPort(hostConfig['PortBindings'], place.servicePort) };
    }),
  );
}

/** Only what is fixed: the replacement is published where the engine likes if the old one was. */
function publishedPort(bindings: unknown, servicePort: number): number | null {
  const Bindings = z.record(
    z.string(),
    z.array(z.looseObject({ HostPort: z.string() })).nullable(),
  );
  const parsed = Bindings.safeParse(bindings ?? {});
  const found = parsed.success ? parsed.data[`${String(servicePort)}/tcp`] : null;
  const number = Number(found?.[0]?.HostPort ?? 0);
  return number > 0 ? number : null;
}

/** What differs between the containers of a plan and those that are there, in words; empty where nothing does. */
export function changesAmong(
  planned: z.infer<typeof PlannedContainers>,
  found: readonly ListedContainer[],
): readonly string[] {
  const byName = new Map(found.map((one) => [one.name, one]));
  const known = new Set(planned.map(({ name }) => name));
  return [
    ...planned.flatMap(({ id, name }) => {
      const now = byName.get(name);
      if (now === undefined) {
        return [`${name} is not there any more`];
      }
      return now.id === id ? [] : [`${name} is another container now`];
    }),
    ...found.flatMap(({ name }) => (known.has(name) ? [] : [`${name} has come`])),
  ];
}
