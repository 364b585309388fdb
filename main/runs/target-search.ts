import { z } from 'zod';
import type { PreviewItem, Target } from '../../shared/plan/target.js';
import type {
  HostedService,
  PostgresBackups,
  ServiceOfDatabase,
} from '../../shared/runbook/targets-schema.js';
import { chosenSchemas } from '../../shared/plan/application-schemas.js';
import type { ChosenSchemas } from '../../shared/plan/application-schemas.js';
import { registryPlaceOf, searchScope } from '../../shared/runbook/registry-place.js';
import type { RegistryPlace } from '../../shared/runbook/registry-place.js';
import { substitute } from '../../shared/runbook/variables.js';
import type { StartedRun } from '../../shared/run/state.js';
import type { Connections } from '../connections/ports.js';
import { listCommits } from '../steps/host/commits.js';
import type { CommitPlace } from '../steps/host/commits.js';
import { previewCommit, previewRelease } from '../steps/host/preview.js';
import { listReleases } from '../steps/host/releases.js';
import type { ReleasePlace } from '../steps/host/releases.js';
import type { HostedProcess } from '../steps/host/service-process.js';
import { listSwarmTargets, previewSwarmTarget } from '../steps/swarm/targets.js';
import { listBackups } from '../steps/postgres/backups.js';
import type { DatabaseReach } from '../steps/postgres/backups.js';
import type { MigrationHistory } from '../steps/postgres/migration-history.js';
import { listMigrations } from '../steps/postgres/migrations.js';
import { previewDatabase } from '../steps/postgres/preview.js';
import { listDockerTargets, previewDockerTarget } from '../steps/targets.js';

/** Where the service's process and log live: named once per procedure, with every variable filled in. */
export type ServicePlace =
  | {
      readonly kind: 'docker';
      readonly engine: string;
      readonly container: string;
      /** What every container of the service carries, where it is several. */
      readonly containers?: string | null;
    }
  | { readonly kind: 'swarm'; readonly engine: string; readonly service: string }
  | { readonly kind: 'host'; readonly host: string; readonly process: HostedProcess };

/** Where the candidates of a run are looked for, with every variable filled in. */
export type SearchPlace =
  | {
      readonly kind: 'docker.images';
      readonly engine: string;
      readonly repository: string;
      /** Where the operator may ask for what the engine does not have; null where nowhere. */
      readonly registry: RegistryPlace | null;
      readonly container: string;
      readonly label: string | null;
      /** What every container of the service carries; null where it is one container. */
      readonly containers: string | null;
    }
  | { readonly kind: 'swarm.previous'; readonly engine: string; readonly service: string }
  | {
      readonly kind: 'host.releases';
      readonly host: string;
      readonly releases: ReleasePlace;
      readonly process: HostedProcess;
    }
  | {
      readonly kind: 'git.commits';
      readonly host: string;
      readonly commits: CommitPlace;
      readonly process: HostedProcess;
    }
  | {
      readonly kind: 'postgres.backups';
      readonly database: string;
      readonly folder: string;
      readonly service: ServicePlace;
      readonly loss?: PostgresBackups['loss'];
      readonly schemas?: ChosenSchemas;
    }
  | {
      readonly kind: 'postgres.migrations';
      readonly database: string;
      readonly folder: string;
      readonly history: MigrationHistory;
      readonly schemas?: ChosenSchemas;
      readonly service: ServicePlace;
    };

export function placeOf(started: StartedRun): SearchPlace {
  const { targets, steps } = started.procedure;
  const scope = searchScope(started.runbook, started.environment);
  const filled = (value: string): string => z.string().parse(substitute(value, scope));
  const maybe = (value: string | undefined): string | null =>
    value === undefined ? null : filled(value);
  switch (targets.kind) {
    case 'docker.images': {
      const { kind, engine, repository, container, label, containers } = targets;
      return {
        kind,
        engine,
        repository: filled(repository),
        registry: registryPlaceOf(started),
        container: filled(container),
        label: maybe(label),
        containers: maybe(containers?.label),
      };
    }
    case 'swarm.previous':
      return { kind: targets.kind, engine: targets.engine, service: filled(targets.service) };
    case 'host.releases': {
      const { kind, host, folder, current, pattern = null, complete = [], owner } = targets;
      const releases = {
        folder: filled(folder),
        current: filled(current),
        pattern,
        complete: complete.map(filled),
        owner: maybe(owner),
      };
      return { kind, host, releases, process: processOf(targets.service, filled, maybe) };
    }
    case 'git.commits': {
      const { kind, host, repository, limit, owner } = targets;
      const commits = { repository: filled(repository), limit, owner: maybe(owner) };
      return { kind, host, commits, process: processOf(targets.service, filled, maybe) };
    }
    case 'postgres.backups': {
      const { kind, database, folder, loss } = targets;
      const service = databaseService(targets.service, filled, maybe);
      const schemas = chosenSchemas(steps, database, started.environment);
      return { kind, database, folder: filled(folder), service, loss, schemas };
    }
    case 'postgres.migrations': {
      const { kind, database, folder, historyColumn: column = 'version' } = targets;
      const history = { table: targets.history, column };
      const service = databaseService(targets.service, filled, maybe);
      const schemas = chosenSchemas(steps, database, started.environment);
      return { kind, database, folder: filled(folder), history, service, schemas };
    }
  }
}

function databaseService(
  service: ServiceOfDatabase,
  filled: (value: string) => string,
  maybe: (value: string | undefined) => string | null,
): ServicePlace {
  return service.kind === 'docker'
    ? { kind: 'docker', engine: service.engine, container: filled(service.container) }
    : { kind: 'host', host: service.host, process: processOf(service, filled, maybe) };
}

function processOf(
  service: HostedService | Exclude<ServiceOfDatabase, { readonly kind: 'docker' }>,
  filled: (value: string) => string,
  maybe: (value: string | undefined) => string | null,
): HostedProcess {
  return service.kind === 'systemd'
    ? { kind: 'systemd', unit: filled(service.unit) }
    : {
        kind: 'pm2',
        app: filled(service.app),
        owner: maybe(service.owner),
        home: maybe(service.home),
      };
}

export function servicePlaceOf(place: SearchPlace): ServicePlace {
  if ('service' in place && place.kind !== 'swarm.previous') {
    return place.service;
  }
  switch (place.kind) {
    case 'docker.images': {
      const { engine, container, containers } = place;
      return { kind: 'docker', engine, container, containers };
    }
    case 'swarm.previous':
      return { kind: 'swarm', engine: place.engine, service: place.service };
    case 'host.releases':
    case 'git.commits':
      return { kind: 'host', host: place.host, process: place.process };
  }
}

export function findTargets(
  connections: Connections,
  place: SearchPlace,
  signal: AbortSignal,
): Promise<readonly Target[]> {
  switch (place.kind) {
    case 'docker.images':
      return listDockerTargets(connections.docker(place.engine), place, signal);
    case 'swarm.previous':
      return listSwarmTargets(connections.swarm(place.engine), place.service, signal);
    case 'host.releases':
      return listReleases(connections.host(place.host), place.releases, signal);
    case 'git.commits':
      return listCommits(connections.host(place.host), place.commits, signal);
    case 'postgres.backups':
      return listBackups(reachOf(connections, place.database), place.folder, signal);
    case 'postgres.migrations':
      return listMigrations(reachOf(connections, place.database), place, signal);
  }
}

/** "Can I still go back?": reads only, and says when it looked. */
export async function previewTarget(
  connections: Connections,
  place: SearchPlace,
  target: Target,
  at: string,
  signal: AbortSignal,
): Promise<readonly PreviewItem[]> {
  const items = await look(connections, place, target, signal);
  return items.map((item) => ({ ...item, checkedAt: at }));
}

function look(
  connections: Connections,
  place: SearchPlace,
  target: Target,
  signal: AbortSignal,
): Promise<readonly Omit<PreviewItem, 'checkedAt'>[]> {
  if (place.kind === 'docker.images') {
    return previewDockerTarget(connections.docker(place.engine), place, target, signal);
  }
  if (place.kind === 'swarm.previous') {
    return previewSwarmTarget(connections.swarm(place.engine), place.service, target, signal);
  }
  if (place.kind === 'postgres.backups' || place.kind === 'postgres.migrations') {
    return previewDatabase(reachOf(connections, place.database), place, target, signal);
  }
  const ask = { port: connections.host(place.host), process: place.process, signal };
  return place.kind === 'host.releases'
    ? previewRelease(ask, place.releases, target)
    : previewCommit(ask, place.commits, target);
}

export const reachOf = (connections: Connections, database: string): DatabaseReach => ({
  name: database,
  port: connections.database(database),
  tools: connections.databaseTools(database),
});
