import tradewizardMonitor from '../runbooks/built-in/tradewizard-monitor.yaml';
import type { HomeView, HostPlan, RunbookProblem } from '../../shared/ipc/views.js';
import type { HostOpener } from '../connections/hosts/host-opener.js';
import type { AppLog } from '../log/app-log.js';
import { redactPatterns } from '../log/redaction.js';
import { RunReports } from '../reports/run-reports.js';
import { RunbookStore } from '../runbooks/store.js';
import { yamlOptions } from '../runbooks/yaml-options.js';
import { CleanUp } from '../runs/clean-up.js';
import { createClock } from '../runs/clock.js';
import type { Clock } from '../runs/clock.js';
import { declaredEnvironments, joinEnvironments } from '../runs/environments.js';
import type { EnvironmentSource } from '../runs/environments.js';
import { Handover } from '../runs/handover.js';
import { homeView } from './home.js';
import { hostPlans } from './host-plans.js';
import type { RunEvents } from '../runs/run-events.js';
import { RunFiles } from '../runs/run-files.js';
import { RunService } from '../runs/run-service.js';
import { stepKinds } from '../steps/registry.js';
import type { DataPaths } from '../storage/data-paths.js';
import { openReadBefore } from '../storage/read-before.js';
import { RunIndex } from '../storage/run-index.js';

export type ConsoleOptions = {
  readonly paths: DataPaths;
  readonly log: AppLog;
  readonly appVersion: string;
  readonly operator: () => string;
  readonly events: RunEvents;
  /** Environments beside those that runbooks name. */
  readonly extraEnvironments: readonly EnvironmentSource[];
  readonly watchSeconds: number | null;
  /** How hosts are reached; left out where none is to be reached. */
  readonly hosts?: HostOpener | null;
  /** What could not be read at start, shown on the home screen. */
  readonly problems?: readonly RunbookProblem[];
};

/** Everything but the window: what the desktop and the command line are built on. */
export type Console = {
  readonly clock: Clock;
  readonly runs: RunService;
  readonly handover: Handover;
  readonly cleanUp: CleanUp;
  readonly runbooks: RunbookStore;
  readonly environments: EnvironmentSource;
  readonly reports: RunReports;
  readonly home: () => Promise<HomeView>;
  /** What will be used to reach the hosts of an environment; connects to nothing. */
  readonly planOf: (runbookId: string, environment: string) => Promise<readonly HostPlan[]>;
};

export function createConsole(options: ConsoleOptions): Console {
  const { paths, log } = options;
  const clock = createClock();
  const runbooks = new RunbookStore({
    builtIn: [{ file: 'tradewizard-monitor.yaml', content: tradewizardMonitor }],
    folder: paths.runbooks,
    kinds: Object.keys(stepKinds),
    readBefore: openReadBefore(paths, `${options.appVersion} ${JSON.stringify(yamlOptions)}`),
  });
  const environments = joinEnvironments([...options.extraEnvironments, declaredEnvironments]);
  const files = new RunFiles(paths, { session: clock.session, appVersion: options.appVersion });
  const index = new RunIndex({
    file: paths.runIndex,
    appVersion: options.appVersion,
    say: (message) => {
      log.warn(message);
    },
  });
  const runs = new RunService({
    files,
    index,
    environments,
    runbook: (id) => runbooks.get(id),
    operator: options.operator,
    appVersion: options.appVersion,
    clock,
    events: options.events,
    redact: redactPatterns,
    onFault: (thrown) => {
      log.error('A fault while driving a run', thrown);
    },
    watchSeconds: options.watchSeconds,
    hosts: options.hosts ?? null,
  });
  return {
    ...{ clock, runs },
    handover: new Handover({ ...options, runs, files, environments, clock }),
    cleanUp: new CleanUp({ ...options, runs, files, environments, clock }),
    ...{ runbooks, environments },
    reports: new RunReports({
      read: (runId) => files.read(runId),
      paths,
      nowFor: (runId) => (runs.live(runId) === null ? null : clock.moment()),
      redact: redactPatterns,
    }),
    planOf: async (runbookId, environment) =>
      hostPlans(await runbooks.get(runbookId), environment, options.hosts ?? null),
    home: async () => {
      const loaded = await runbooks.reload();
      const now = clock.now();
      const problems = [...(options.problems ?? []), ...loaded.problems];
      return homeView({
        loaded: { ...loaded, problems },
        environments,
        runs: await runs.list(),
        now,
      });
    },
  };
}
