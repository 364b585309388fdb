import { z } from 'zod';
import { AppError } from '../../shared/errors/app-error.js';
import { placeholdersIn, substitute } from '../../shared/runbook/variables.js';
import type { Procedure, Runbook, Service } from '../../shared/runbook/schema.js';
import { matchingText } from './matching-text.js';
import { registryName } from './practice-registry.js';

/** Everything the practice world takes from a runbook. */
export type ServiceManner = {
  readonly service: Service;
  readonly container: string;
  /** Its name among a swarm's services; null where the service is containers. */
  readonly swarmService: string | null;
  /** What the runbook's placeholders stand for in this world. */
  readonly variables: Readonly<Record<string, string>>;
  readonly repositories: readonly string[];
  readonly engines: readonly string[];
  readonly sick: string;
  readonly healthy: readonly string[];
  /** Good ones that only the registry holds. */
  readonly inRegistry: readonly string[];
  /** A line that the runbook counts as an error. */
  readonly errorLine: string;
  /** The line that says the trigger's work is complete; null when the service has no trigger. */
  readonly completionLine: string | null;
  /** Lines of ordinary work; none of them counts as an error or as a completion. */
  readonly ordinaryLines: readonly string[];
  readonly isOrdinary: (line: string) => boolean;
};

/**
 * The world for one procedure of the runbook; without one, that for its containers. Fails with RANGE_RUNBOOK_UNFIT when it cannot
 * be made.
 */
export function mannerOf(runbook: Runbook, procedureId?: string): ServiceManner {
  const { service, practice, procedures } = runbook;
  const targets = procedures.flatMap(({ targets: one }) =>
    one.kind === 'docker.images' ? [one] : [],
  );
  const swarm = swarmTargetOf(procedures, procedureId);
  const named = (text: string): string => nameIn(text, service);
  const container = named(targets[0]?.container ?? '{{container}}');
  const repositories = [...new Set(targets.map(({ repository }) => named(repository)))];
  const [repository = service.name] = repositories;
  const registry = registryName(repository);
  const trigger = service.trigger;
  const isOrdinary = sieve(service);
  return {
    service,
    container,
    repositories: repositories.length === 0 ? [repository] : repositories,
    ...(swarm === null
      ? {
          swarmService: null,
          engines: [...new Set(targets.map(({ engine }) => engine))],
          variables: { container, registry },
        }
      : {
          swarmService: placeholdersIn(swarm.service).length === 0 ? swarm.service : service.name,
          engines: [swarm.engine],
          variables: { ...namesIn(swarm.service, service), container, registry },
        }),
    sick: practice.sick,
    healthy: practice.healthy.filter((version) => version !== practice.sick),
    inRegistry: practice.inRegistry ?? [],
    errorLine: lineMatching(service.errorLine, 'ERROR ', ' (upstream timed out after 2000 ms)'),
    completionLine: trigger === undefined ? null : lineMatching(trigger.completesWith, 'INFO ', ''),
    ordinaryLines: ordinaryLines(service).filter(isOrdinary),
    isOrdinary,
  };
}

type SwarmTarget = Extract<Procedure['targets'], { kind: 'swarm.previous' }>;

function swarmTargetOf(
  procedures: readonly Procedure[],
  procedureId: string | undefined,
): SwarmTarget | null {
  const [target] = procedures
    .filter(({ id }) => id === procedureId)
    .flatMap(({ targets }) => (targets.kind === 'swarm.previous' ? [targets] : []));
  return target ?? null;
}

/** Every placeholder in the name of a swarm's service is the service's own name here. */
function namesIn(text: string, { name }: Service): Readonly<Record<string, string>> {
  return Object.fromEntries(placeholdersIn(text).map((placeholder) => [placeholder, name]));
}

function nameIn(text: string, service: Service): string {
  try {
    const value = substitute(text, { container: service.name, service: { name: service.name } });
    return z.string().min(1).parse(value);
  } catch (cause) {
    throw new AppError('RANGE_RUNBOOK_UNFIT', `The range does not know what ${text} stands for.`, {
      cause,
    });
  }
}

/** The likelier the line looks in a real log the better, but above all it has to match. */
function lineMatching(source: string, before: string, after: string): string {
  const expression = new RegExp(source);
  const core = matchingText(source);
  const lines = [`${before}${core}${after}`, `${core}${after}`, `${before}${core}`];
  return lines.find((line) => expression.test(line)) ?? core;
}

function sieve(service: Service): (line: string) => boolean {
  const special = [service.errorLine, service.trigger?.completesWith]
    .filter((source) => source !== undefined)
    .map((source) => new RegExp(source));
  return (line) => special.every((expression) => !expression.test(line));
}

function ordinaryLines(service: Service): readonly string[] {
  return [
    `INFO ${service.name}: 37 items looked at, 4 changed`,
    `INFO ${service.name}: round finished in 182 ms`,
    'INFO database: 12 rows written, 3 connections in use',
    `INFO ${service.name}: nothing new, waiting`,
    'INFO scheduler: next round is planned',
    `INFO ${service.name}: cache holds 214 entries`,
  ];
}
