import { AppError, toErrorJson } from '../../shared/errors/app-error.js';
import type { ErrorJson } from '../../shared/errors/app-error.js';
import type { Bridge, EventName, Payload } from '../../shared/ipc/contract.js';
import type { Question } from '../../shared/connections/questions.js';
import type {
  AskedQuestion,
  HomeView,
  JournalProblem,
  Light,
  LogEntry,
  LogSource,
  Settings,
} from '../../shared/ipc/views.js';
import type { StepId } from '../../shared/plan/planned-step.js';
import type { RunCommand } from '../../shared/run/commands.js';
import { decide } from '../../shared/run/decide.js';
import { RunId } from '../../shared/run/events.js';
import type { RunEvent, RunRecord } from '../../shared/run/events.js';
import { nextAction, recover } from '../../shared/run/next-action.js';
import { packState } from '../../shared/run/pack-state.js';
import { emptyRun, reduce } from '../../shared/run/reduce.js';
import type { RunOwner } from '../../shared/run/run-owner.js';
import type { RunState } from '../../shared/run/state.js';
import { foundInRegistry, leftByRun } from './left-by-run.js';
import { foreseenIn } from './foreseen.js';

type Listener = (payload: never) => void;

export type StepEnd = 'succeeds' | 'fails' | 'hangs';

export type FakeMain = {
  readonly bridge: Bridge;
  readonly runId: RunId;
  home: HomeView;
  lights: readonly Light[];
  isAttached: boolean;
  owner: RunOwner | null;
  problem: JournalProblem | null;
  stepEnds: (stepId: string) => StepEnd;
  stepMs: number;
  isCounting: boolean;
  record(event: RunEvent): void;
  log(source: LogSource, entries: readonly LogEntry[]): void;
  halt(error: ErrorJson): void;
  /** Asks the operator, as a connection does. */
  ask(question: Question): void;
  /** Lets the pretended engine go on by itself. */
  wake(): void;
};

const session = '11111111-1111-4111-8111-111111111111';

/** Main as the page sees it: the real rules, a pretended engine, nothing behind it. */
export function createFakeMain(theme: Settings['theme']): FakeMain {
  const runId = RunId.parse('7f3a0000-0000-4000-8000-000000000001');
  const listeners = new Map<string, Set<Listener>>();
  const records: RunRecord[] = [];
  const logs: Record<LogSource, LogEntry[]> = { step: [], service: [] };
  let settings: Settings = { operator: 'operator', theme };
  let state: RunState = emptyRun;
  let isBusy = false;
  let asked: AskedQuestion[] = [];

  const push = <N extends EventName>(name: N, payload: Payload<N>): void => {
    for (const listener of listeners.get(name) ?? []) {
      (listener as (payload: Payload<N>) => void)(payload);
    }
  };

  const main: FakeMain = {
    runId,
    home: { services: [], problems: [], unfinished: [], recent: [] },
    lights: [],
    isAttached: true,
    owner: null,
    problem: null,
    stepEnds: () => 'succeeds',
    stepMs: 900,
    isCounting: false,
    record(event) {
      const record: RunRecord = {
        v: 1,
        runId,
        seq: records.length,
        prev: '0'.repeat(64),
        at: new Date().toISOString(),
        monotonicMs: performance.now(),
        session,
        event,
      };
      records.push(record);
      state = reduce(state, record);
      push('runs.appended', record);
    },
    log(source, entries) {
      const from = logs[source].length;
      logs[source].push(...entries);
      push('logs.appended', { runId, source, from, entries: [...entries] });
    },
    halt(error) {
      push('runs.halted', { runId, error });
    },
    ask(question) {
      const id = `00000000-0000-4000-8000-00000000000${String(asked.length)}`;
      asked.push({ id, question });
      push('connections.asked', [...asked]);
    },
    wake() {
      if (!isBusy) {
        isBusy = true;
        void drain().finally(() => {
          isBusy = false;
        });
      }
    },
    bridge: {
      request: async (name, input) => {
        try {
          return { ok: true, value: (await answer(name, input)) as never };
        } catch (thrown) {
          return { ok: false, error: toErrorJson(thrown) };
        }
      },
      subscribe: (name, listener) => {
        const set = listeners.get(name) ?? new Set();
        set.add(listener);
        listeners.set(name, set);
        return () => set.delete(listener);
      },
    },
  };
  return main;

  async function drain(): Promise<void> {
    for (;;) {
      const action = nextAction(state);
      if (action.type === 'wait') {
        return;
      }
      if (action.type === 'record') {
        main.record(action.event);
        continue;
      }
      const stepId = action.step.plan.id;
      if (action.type === 'look') {
        await pause();
        main.record({
          type: 'step.looked',
          stepId,
          isDone: true,
          facts: 'The container is stopped.',
        });
      } else if (action.type === 'undo') {
        main.record({ type: 'undo.started', stepId });
        await pause();
        main.record({
          type: 'undo.succeeded',
          stepId,
          summary: 'Restored from what was on record.',
        });
      } else if (!(await runStep(stepId, action.step.attempt + 1))) {
        return;
      }
    }
  }

  async function runStep(
    stepId: RunState['steps'][number]['plan']['id'],
    attempt: number,
  ): Promise<boolean> {
    const before = {
      container: 'parcel-tracker',
      image: 'sha256:9e12b613cf8e2211',
      wasRunning: true,
    };
    main.record({ type: 'step.started', stepId, attempt, before });
    main.log('step', [
      line(stepId, `${stepId}: begun`),
      line(stepId, `${stepId}: waiting for the engine`),
    ]);
    const end = main.stepEnds(stepId);
    if (end === 'hangs') {
      return false;
    }
    await pause();
    if (end === 'fails') {
      const message =
        'driver failed programming external connectivity: port 3000 is already allocated';
      main.log('step', [{ ...line(stepId, `Error: ${message}`), isError: true, stream: 'stderr' }]);
      main.record({
        type: 'step.failed',
        stepId,
        error: { code: 'DOCKER_PORT_TAKEN', message, retryable: true },
      });
    } else {
      main.log('step', [line(stepId, `${stepId}: done`)]);
      main.record({
        type: 'step.succeeded',
        stepId,
        summary: 'Stopped with exit code 0 after 0:05.',
        wasAlready: false,
      });
    }
    return true;
  }

  function pause(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, main.stepMs));
  }

  async function answer(name: string, input: unknown): Promise<unknown> {
    await Promise.resolve();
    const given = (input ?? {}) as Record<string, unknown>;
    switch (name) {
      case 'home.read':
        return main.home;
      case 'settings.read':
        return settings;
      case 'settings.write':
        settings = given as unknown as Settings;
        return settings;
      case 'runs.start':
        return { runId };
      case 'runs.read':
        return {
          state: JSON.stringify(packState(state)),
          records: [...records],
          older: 0,
          isAttached: main.isAttached,
          lights: main.lights,
          owner: main.owner,
          problem: main.problem,
          clock: { at: new Date().toISOString(), monotonicMs: performance.now(), session },
        };
      case 'runs.resume':
        main.isAttached = true;
        main.record({ type: 'run.resumed', operator: 'operator', appVersion: '0.1.0' });
        recover(state).forEach(main.record);
        return null;
      case 'runs.command':
        decide(state, given['command'] as RunCommand).forEach(main.record);
        main.wake();
        return null;
      case 'runs.look':
        main.record({
          type: 'step.looked',
          stepId: given['stepId'] as StepId,
          isDone: true,
          facts: 'The container is stopped with exit code 0.',
        });
        return null;
      case 'logs.page': {
        const all = logs[given['source'] as LogSource];
        const from = Number(given['from']);
        return { entries: all.slice(from, from + Number(given['count'])), total: all.length };
      }
      case 'connections.pending':
        return asked;
      case 'connections.answer':
        asked = asked.filter(({ id }) => id !== given['id']);
        push('connections.asked', [...asked]);
        return null;
      case 'connections.plan':
        return [
          {
            host: 'app-1',
            lines: [
              'as deploy on app-1.example:22, through jump on bastion.example:22',
              'log in by publickey; agent /run/user/1000/agent; keys ~/.ssh/id_ed25519',
              'as the SSH configuration says (ssh -G)',
            ],
          },
        ];
      case 'cleanUp.look':
        return leftByRun;
      case 'cleanUp.remove':
      case 'clipboard.copy':
        return null;
      case 'runs.findTargets':
        return foundInRegistry(given['registryTags']);
      case 'runs.foresee':
        return main.isCounting ? new Promise(() => undefined) : foreseenIn(state, given['unit']);
      case 'runs.preview':
        return [];
      case 'runs.measure':
        return {
          errorRatePercent: null,
          requests: { seen: 3, needed: 10 },
          restarts: null,
          errorLines: null,
        };
      default:
        throw new AppError('INTERNAL', `The harness does not answer ${name}.`);
    }
  }
}

export function line(stepId: string | null, text: string): LogEntry {
  return { at: new Date().toISOString(), stepId: stepId, stream: 'stdout', text, isError: false };
}
