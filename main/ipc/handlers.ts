import type { Handlers } from './register.js';
import type { Settings } from '../../shared/ipc/views.js';
import type { QuestionDesk } from '../connections/question-desk.js';
import type { LogStore } from '../logs/log-store.js';
import type { DataPaths } from '../storage/data-paths.js';
import type { SettingsStore } from '../storage/settings.js';
import type { RunReports } from '../reports/run-reports.js';
import {
  askRegistry,
  chooseTarget,
  lookForTargets,
  measure,
  order,
  previewOf,
} from '../runs/decision-desk.js';
import { foresee, foreseeUndo } from '../runs/foresee.js';
import type { CleanUp } from '../runs/clean-up.js';
import type { Handover } from '../runs/handover.js';
import type { RunService } from '../runs/run-service.js';
import type { Clock } from '../runs/clock.js';
import { closedRunFileName, handoverFileName } from '../../shared/run/handover-file.js';
import type { Output } from '../../shared/ipc/contract.js';
import type { HomeView, HostPlan } from '../../shared/ipc/views.js';
import type { RunId } from '../../shared/run/events.js';
import { packState } from '../../shared/run/pack-state.js';

export type HandlerDeps = {
  readonly appVersion: string;
  readonly paths: DataPaths;
  readonly clock: Clock;
  readonly runs: RunService;
  readonly handover: Handover;
  readonly cleanUp: CleanUp;
  /** Where to save a file of this name, or which one to open; null when the operator chose none. */
  readonly chooseFile: {
    readonly toSave: (name: string) => Promise<string | null>;
    readonly toOpen: () => Promise<string | null>;
  };
  readonly home: () => Promise<HomeView>;
  readonly questions: Pick<QuestionDesk, 'pending' | 'answer'>;
  /** What will be used to reach the hosts of an environment; connects to nothing. */
  readonly planOf: (runbookId: string, environment: string) => Promise<readonly HostPlan[]>;
  readonly reports: RunReports;
  readonly settings: SettingsStore;
  readonly applyTheme: (theme: Settings['theme']) => void;
  readonly copy: (text: string, html: string | null) => Promise<void>;
  readonly reveal: (path: string) => void;
};

/** What the page may ask for, one function each. They hold no rules: those live in shared and in the services. */
export function createHandlers(deps: HandlerDeps): Handlers {
  const { runs } = deps;
  return {
    'app.info': () => Promise.resolve({ version: deps.appVersion, dataFolder: deps.paths.root }),
    'home.read': () => deps.home(),
    'runs.list': async () => [...(await runs.list())],
    'runs.start': async (request) => ({ runId: await runs.start(request) }),
    'runs.read': ({ runId }) => readRun(deps, runId),
    'runs.older': async ({ runId, before }) => {
      const { records, older } = await runs.older(runId, before);
      return { records: [...records], older };
    },
    'runs.resume': ({ runId }) => done(runs.resume(runId)),
    ...handoverHandlers(deps),
    'runs.command': ({ runId, command }) => done(runs.command(runId, command)),
    'runs.findTargets': async ({ runId, registryTags }) => {
      const live = runs.mustBeLive(runId);
      const found =
        registryTags === undefined ? lookForTargets(live) : askRegistry(live, registryTags);
      return { targets: [...(await found)], at: deps.clock.now() };
    },
    'runs.preview': async ({ runId, targetId }) => [
      ...(await previewOf(runs.mustBeLive(runId), targetId, deps.clock.now())),
    ],
    'runs.chooseTarget': ({ runId, targetId }) =>
      done(chooseTarget(runs.mustBeLive(runId), targetId, deps.clock.now())),
    'runs.order': ({ runId, ...decision }) => done(order(runs.mustBeLive(runId), runId, decision)),
    'runs.measure': ({ runId }) => measure(runs.mustBeLive(runId), deps.clock.now()),
    'runs.foresee': async ({ runId, unit }) => [...(await foresee(runs.mustBeLive(runId), unit))],
    'runs.foreseeUndo': async ({ runId, stepId }) => [
      ...(await foreseeUndo(runs.mustBeLive(runId), stepId)),
    ],
    'runs.look': ({ runId, stepId }) => done(runs.look(runId, stepId)),
    'cleanUp.look': async ({ runId }) => [...(await deps.cleanUp.look(runId))],
    'cleanUp.remove': ({ runId, ...request }) => done(deps.cleanUp.remove(runId, request)),
    ...connectionHandlers(deps),
    'logs.page': async ({ runId, source, from, count }) => {
      const page = await runs.withLog(runId, source, (log: LogStore) => log.page(from, count));
      return { entries: [...page.entries], total: page.total };
    },
    'reports.export': async ({ runId, format }) => ({
      path: await deps.reports.write(runId, format),
    }),
    'reports.reveal': ({ runId, format }) => {
      deps.reveal(deps.reports.pathOf(runId, format));
      return Promise.resolve(null);
    },
    'clipboard.copy': ({ text, html }) => done(deps.copy(text, html)),
    'settings.read': () => Promise.resolve(deps.settings.read()),
    'settings.write': async (settings) => {
      const written = await deps.settings.write(settings);
      deps.applyTheme(written.theme);
      return written;
    },
  };
}

async function readRun(
  { runs, clock }: Pick<HandlerDeps, 'runs' | 'clock'>,
  runId: RunId,
): Promise<Output<'runs.read'>> {
  const live = runs.live(runId);
  const { state, records, older, problem, owner } = await runs.read(runId);
  return {
    state: JSON.stringify(packState(state)),
    records: [...records],
    older,
    isAttached: live !== null,
    problem:
      problem === null
        ? null
        : { line: problem.line, code: problem.code, message: problem.message },
    owner,
    lights: [...(live?.senses.lights ?? [])],
    clock: { at: clock.now(), monotonicMs: clock.monotonicMs(), session: clock.session },
  };
}

/** The page never names a file: the place is asked for here, and before anything is recorded. */
function handoverHandlers({ runs, handover, chooseFile }: HandlerDeps): HandoverHandlers {
  const serviceOf = async (runId: RunId): Promise<string> =>
    (await runs.list()).find((run) => run.runId === runId)?.service ?? 'run';
  return {
    'runs.giveBack': async ({ runId }) => {
      const path = await chooseFile.toSave(closedRunFileName(await serviceOf(runId), runId));
      if (path !== null) {
        await handover.giveBack(runId, path);
      }
      return { path };
    },
    'runs.handOver': async ({ runId, to }) => {
      const service = await serviceOf(runId);
      const path = await chooseFile.toSave(handoverFileName(service, runId));
      if (path !== null) {
        await handover.handOver(runId, to, path);
      }
      return { path };
    },
    'runs.takeOver': async () => {
      const path = await chooseFile.toOpen();
      return path === null ? null : handover.takeOver(path);
    },
    'runs.takeBack': ({ runId }) => done(handover.takeBack(runId)),
  };
}

function connectionHandlers({ runs, questions, planOf }: HandlerDeps): ConnectionHandlers {
  return {
    'connections.pending': () => Promise.resolve([...questions.pending]),
    'connections.answer': ({ id, answer }) => {
      questions.answer(id, answer);
      return Promise.resolve(null);
    },
    'connections.plan': async ({ runbookId, environment }) => [
      ...(await planOf(runbookId, environment)),
    ],
    'connections.connect': ({ runId, host }) => done(runs.mustBeLive(runId).hostSide.connect(host)),
    'connections.breakLock': ({ runId, host, reason }) =>
      done(runs.mustBeLive(runId).hostSide.breakLock(host, reason)),
  };
}

type ConnectionHandlers = Pick<
  Handlers,
  | 'connections.pending'
  | 'connections.answer'
  | 'connections.plan'
  | 'connections.connect'
  | 'connections.breakLock'
>;

type HandoverHandlers = Pick<
  Handlers,
  'runs.handOver' | 'runs.giveBack' | 'runs.takeOver' | 'runs.takeBack'
>;

async function done(work: Promise<void>): Promise<null> {
  await work;
  return null;
}
