import { messagesDue } from '../../shared/messages/due.js';
import type { Target } from '../../shared/plan/target.js';
import type { RunCommand } from '../../shared/run/commands.js';
import type { RunEvent, RunRecord } from '../../shared/run/events.js';
import { provenItems } from '../../shared/run/proven-items.js';
import { busyStep, isExecuting } from '../../shared/run/select.js';
import type { Moment, RunState, StartedRun } from '../../shared/run/state.js';
import { RunEngine } from '../engine/run-engine.js';
import { kindOf } from '../steps/registry.js';
import { createStepRunner } from '../steps/step-runner.js';
import type { HostRunner } from '../steps/step-runner.js';
import { HostSide } from './host-side.js';
import type { LiveRunDeps } from './live-run-deps.js';
import { lockedRunner } from './locked-runner.js';
import type { Pace } from './prober.js';
import { mustBeKept, noteUnwrittenLogs } from './unwritten-logs.js';
import { Senses } from './senses.js';
import { placeOf, servicePlaceOf } from './target-search.js';
import type { SearchPlace } from './target-search.js';
import { keepWatch } from './watch.js';
import { keepWatchdog } from './watchdog.js';

/** A short watch still takes some ten looks, or one long gap would be all of it. */
const LEAST_LOOKS = 10;

/** A run that this process drives: its engine, what it senses, and what follows by itself (all of it only reads). */
export class LiveRun {
  readonly started: StartedRun;
  readonly place: SearchPlace;
  readonly engine: RunEngine;
  readonly runner: HostRunner;
  readonly senses: Senses;
  readonly hostSide: HostSide;
  readonly logs: LiveRunDeps['logs'];
  readonly redact: LiveRunDeps['redact'];
  /** What was last found when targets were looked for: the page may choose only among these. */
  targets: readonly Target[] = [];
  readonly #deps: LiveRunDeps;
  #isWatching = false;
  #dueBefore = 0;
  #forgetting: Promise<void> | null = null;

  constructor(deps: LiveRunDeps) {
    const { runId, started, journal, clock, pool, events, onFault } = deps;
    this.#deps = deps;
    this.started = started;
    this.place = placeOf(started);
    this.logs = deps.logs;
    this.redact = deps.redact;
    this.runner = this.#createRunner(deps);
    this.engine = new RunEngine(
      {
        runId,
        session: clock.session,
        clock,
        from: deps.from,
        append: (records) => journal.append(records),
        publish: (record) => {
          this.#onRecord(record);
        },
        onHalt: (error) => {
          events.halted(runId, error);
        },
        onFault,
        runner: lockedRunner(this.runner, {
          beforeUnit: (unit, signal) => this.hostSide.beforeChange(unit, signal),
          beforeUndo: () => this.hostSide.beforeChange('(taking back)', this.senses.signal),
        }),
      },
      [],
    );
    this.senses = new Senses({
      ...deps,
      place: servicePlaceOf(this.place),
      onHealth: ({ to, detail, sinceMonotonicMs }) => {
        this.#note(() => [{ type: 'health.changed', to, detail, sinceMonotonicMs }]);
      },
    });
    this.hostSide = new HostSide({
      started,
      pool,
      state: () => this.state,
      head: () => this.head,
      now: clock.now,
      say: (text) => this.engine.note(() => [{ type: 'note.added', by: 'console', text }]),
      onLights: () => {
        this.senses.showLights((lights) => this.hostSide.withLocks(lights));
      },
      delay: clock.delay,
      closeUp: (signal) => this.runner.closeUp(this.state.steps, signal),
      signal: this.senses.signal,
    });
    noteUnwrittenLogs(deps.logs, (text) => {
      this.#note(() => [{ type: 'note.added', by: 'console', text }]);
    });
    this.#watchOverdue();
    void this.#recordPlaces();
  }

  #createRunner({ runId, pool, vault, clock }: LiveRunDeps): HostRunner {
    return createStepRunner({
      runId,
      kindOf,
      connections: pool.connections,
      vault,
      delay: clock.delay,
      emit: (stepId, line) => {
        this.senses.logStepLine(stepId, line);
      },
      kept: () => mustBeKept(this.logs.step),
    });
  }

  /** The runbook is on record, but not what a context of this computer meant at the time. */
  async #recordPlaces(): Promise<void> {
    if (this.started.environment.engines.every(({ context }) => context === undefined)) {
      return;
    }
    const text = `Engines: ${(await this.#deps.pool.enginePlaces()).join('; ')}`;
    this.#note(({ notes, phase }) =>
      phase === 'closed' || notes.some((note) => note.text === text)
        ? []
        : [{ type: 'note.added', by: 'console', text }],
    );
  }

  /** The machine goes to sleep or wakes up: what was measured meanwhile was measured by nobody. */
  noteSleep(type: 'machine.suspended' | 'machine.resumed'): void {
    this.#note((state) => (state.phase === 'closed' ? [] : [{ type }]));
  }

  get state(): RunState {
    return this.engine.state;
  }

  /** Hash of the journal's last line: kept in reports, it shows whether the end was cut or rewritten. */
  get head(): string {
    return this.#deps.journal.head;
  }

  /** HOST_LOCKED where another console works on this environment: then nothing was done. */
  async command(command: RunCommand): Promise<void> {
    await this.hostSide.before(command);
    await this.engine.dispatch(command);
  }

  async dispose(): Promise<void> {
    this.senses.stop();
    await this.engine.dispose();
    await this.#forgetting;
    await this.logs.step.close();
    await this.logs.service.close();
    await this.#checkpoint();
    await this.#deps.journal.close();
    await this.#deps.pool.close();
  }

  /** It only saves time at the next opening, so a disk that has no room for it is no reason to stop. */
  async #checkpoint(): Promise<void> {
    const { journal, appVersion } = this.#deps;
    await journal.checkpoint(this.state, appVersion).catch(() => undefined);
  }

  #watchOverdue(): void {
    const { clock } = this.#deps;
    void keepWatchdog(
      {
        now: clock.moment,
        lastWordAt: () => this.senses.lastWordAt,
        onTick: (now) => {
          this.#remind(now);
        },
        note: (choose) => {
          this.#note(choose);
        },
        delay: clock.delay,
      },
      this.senses.signal,
    );
  }

  #onRecord(record: RunRecord): void {
    this.#deps.events.appended(record);
    // Not from inside the engine's lock: what follows records facts of its own.
    setImmediate(() => {
      if (this.#deps.journal.isCheckpointDue) {
        void this.#checkpoint();
      }
      this.react();
    });
  }

  /** What follows from the state by itself. Called after each record, and once when a run is taken up again. */
  react(): void {
    const { state, senses } = this;
    if (senses.signal.aborted) {
      return;
    }
    if (state.phase === 'closed') {
      senses.stop();
      // Nothing of a closed run is taken back any more.
      this.#forgetting ??= this.#deps.forgetSecrets().catch(this.#deps.onFault);
      void this.#deps.pool.close().catch(this.#deps.onFault);
      this.#deps.events.closed(this.#deps.runId);
      return;
    }
    senses.setPace(paceFor(state));
    this.#tickProven(state);
    this.#startWatch(state);
    if (state.watch !== null && state.watch.ended === null && !this.#isWatching) {
      void this.#keepWatch();
    }
  }

  /** People who wait for word are told about once each time another message falls due. */
  #remind(now: Moment): void {
    const { due } = messagesDue(this.state, now);
    if (due.length > this.#dueBefore) {
      this.#deps.events.due(this.#deps.runId, due);
    }
    this.#dueBefore = due.length;
  }

  #tickProven(state: RunState): void {
    if (state.order === null || provenItems(state).length === 0) {
      return;
    }
    this.#note((now) =>
      provenItems(now).map(({ itemId, evidence }): RunEvent => {
        return { type: 'checklist.ticked', itemId, evidence, by: 'console' };
      }),
    );
  }

  #startWatch({ phase, watch }: RunState): void {
    if (phase !== 'completed' || watch !== null) {
      return;
    }
    const seconds = this.#deps.watchSeconds;
    const { intervalSeconds: usual } = this.started.runbook.watch;
    const intervalSeconds = Math.min(usual, seconds / LEAST_LOOKS);
    this.#note((now) =>
      now.phase === 'completed' && now.watch === null
        ? [{ type: 'watch.started', seconds, intervalSeconds }]
        : [],
    );
  }

  async #keepWatch(): Promise<void> {
    this.#isWatching = true;
    this.senses.beginSampling();
    const { clock } = this.#deps;
    const isOver = new AbortController();
    void this.senses.followUse(AbortSignal.any([isOver.signal, this.senses.signal]));
    try {
      await keepWatch(
        {
          look: () => this.senses.sample(),
          note: (choose) => this.engine.note(choose),
          now: clock.moment,
          delay: clock.delay,
        },
        this.senses.signal,
      );
    } catch (thrown) {
      this.#fault(thrown);
    } finally {
      isOver.abort();
      this.#isWatching = false;
    }
  }

  #note(choose: (state: RunState) => readonly RunEvent[]): void {
    this.engine.note(choose).catch((thrown: unknown) => {
      this.#fault(thrown);
    });
  }

  /** What breaks because the run is being let go is no fault. */
  #fault(thrown: unknown): void {
    if (!this.senses.signal.aborted) {
      this.#deps.onFault(thrown);
    }
  }
}

function paceFor(state: RunState): Pace {
  const busy = busyStep(state);
  if (busy?.status === 'running' && kindOf(busy.plan.kind).wantsQuiet) {
    return 'quiet';
  }
  return isExecuting(state) ? 'fast' : 'calm';
}
