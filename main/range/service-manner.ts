import { z } from 'zod';
import { AppError } from '../../shared/errors/app-error.js';
import { substitute } from '../../shared/runbook/variables.js';
import type { Runbook, Service } from '../../shared/runbook/schema.js';
import { matchingText } from './matching-text.js';

/** Everything the practice world takes from a runbook. */
export type ServiceManner = {
  readonly service: Service;
  readonly container: string;
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

/** Fails with RANGE_RUNBOOK_UNFIT when the world cannot be made from this runbook. */
export function mannerOf(runbook: Runbook): ServiceManner {
  const { service, practice, procedures } = runbook;
  const targets = procedures.flatMap(({ targets: one }) =>
    one.kind === 'docker.images' ? [one] : [],
  );
  const named = (text: string): string => nameIn(text, service);
  const trigger = service.trigger;
  const isOrdinary = sieve(service);
  return {
    service,
    container: named(targets[0]?.container ?? '{{container}}'),
    repositories: [...new Set(targets.map(({ repository }) => named(repository)))],
    engines: [...new Set(targets.map(({ engine }) => engine))],
    sick: practice.sick,
    healthy: practice.healthy.filter((version) => version !== practice.sick),
    inRegistry: practice.inRegistry ?? [],
    errorLine: lineMatching(service.errorLine, 'ERROR ', ' (upstream timed out after 2000 ms)'),
    completionLine: trigger === undefined ? null : lineMatching(trigger.completesWith, 'INFO ', ''),
    ordinaryLines: ordinaryLines(service).filter(isOrdinary),
    isOrdinary,
  };
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
