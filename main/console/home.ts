import type { EnvironmentCard, HomeView, RunSummary, ServiceCard } from '../../shared/ipc/views.js';
import { drillDueInDays } from '../../shared/drill/schedule.js';
import type { Runbook } from '../../shared/runbook/schema.js';
import type { Loaded } from '../runbooks/store.js';
import { proceduresOf } from '../runs/environments.js';
import type { EnvironmentSource, ListedEnvironment } from '../runs/environments.js';

export type HomeParts = {
  readonly loaded: Loaded;
  readonly environments: EnvironmentSource;
  /** Newest first. */
  readonly runs: readonly RunSummary[];
  readonly now: string;
};

const RECENT = 20;

/** What the home screen shows. Reads nothing but the data folder: no connection is opened by looking at it. */
export function homeView(parts: HomeParts): HomeView {
  const { loaded, runs } = parts;
  return {
    services: loaded.runbooks.map(({ runbook, source }) => serviceCard(runbook, source, parts)),
    problems: [...loaded.problems],
    unfinished: runs.filter(({ outcome }) => outcome === null),
    recent: runs.filter(({ outcome }) => outcome !== null).slice(0, RECENT),
  };
}

function serviceCard(runbook: Runbook, source: string, parts: HomeParts): ServiceCard {
  return {
    runbookId: runbook.id,
    service: runbook.service.name,
    title: runbook.service.title,
    source,
    procedures: runbook.procedures.map(({ id, title }) => ({ id, title })),
    environments: parts.environments
      .list(runbook)
      .map((environment) => environmentCard(runbook, environment, parts)),
  };
}

function environmentCard(
  runbook: Runbook,
  listed: ListedEnvironment,
  { runs, now }: HomeParts,
): EnvironmentCard {
  const { name, tier, url, faults, hosts } = listed;
  const here = runs.filter(
    ({ runbookId, environment }) => runbookId === runbook.id && environment === name,
  );
  const finished = here.filter(({ outcome }) => outcome !== null);
  const lastDrill = finished.find(({ kind }) => kind === 'drill') ?? null;
  return {
    name,
    tier,
    url,
    faults: [...faults],
    hosts: [...hosts],
    procedures: proceduresOf(runbook, listed),
    lastDrill,
    lastIncident: finished.find(({ kind }) => kind === 'incident') ?? null,
    drillDueInDays: drillDueInDays(lastDrill?.startedAt ?? null, runbook.drill.everyDays, now),
    // A run that cannot be continued does not stand in the way of the next one.
    openRunId:
      here.find(({ outcome, problem }) => outcome === null && problem === null)?.runId ?? null,
  };
}
