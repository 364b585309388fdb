import { noEvidence } from '../../../shared/decision/no-evidence.js';
import { planSteps } from '../../../shared/plan/planner.js';
import type { StepId } from '../../../shared/plan/planned-step.js';
import type { Target } from '../../../shared/plan/target.js';
import { RunId, RunRecord } from '../../../shared/run/events.js';
import type { RunEvent, RunKind } from '../../../shared/run/events.js';
import { emptyRun, reduce } from '../../../shared/run/reduce.js';
import type { Moment, RunState } from '../../../shared/run/state.js';
import type { Runbook } from '../../../shared/runbook/schema.js';
import { builtInText, soundRunbook } from '../main/runbooks/runbook-files.js';

export const STORY_RUN = RunId.parse('7f3a9c21-1111-4222-8333-444455556666');
const FIRST_SESSION = '11111111-1111-4111-8111-111111111111';
const BEGIN = Date.parse('2025-01-15T12:00:00.000Z');

export function target(version: string, isServing = false): Target {
  return {
    id: `sha256:${version.replaceAll(/\D/g, '').padEnd(64, '0')}`,
    version,
    names: [`tradewizard-monitor:${version}`],
    createdAt: '2025-01-14T10:00:00.000Z',
    sizeBytes: 495_000_000,
    digest: null,
    isServing,
  };
}

/** Writes a run record by record on a clock that stands still between the words `after`. */
export class RunStory {
  readonly records: RunRecord[] = [];
  state: RunState = emptyRun;
  readonly runbook: Runbook;
  #elapsedMs = 0;
  #session = FIRST_SESSION;
  #sessionBeganMs = 0;

  constructor(kind: RunKind = 'incident', text = builtInText) {
    this.runbook = soundRunbook(text);
    this.add({
      type: 'run.started',
      kind,
      operator: 'Operator',
      appVersion: '0.1.0',
      runbook: this.runbook,
      environment: this.runbook.environments[0]!,
      procedureId: this.runbook.procedures[0]!.id,
      faults: [],
    });
  }

  get now(): Moment {
    return {
      at: new Date(BEGIN + this.#elapsedMs).toISOString(),
      monotonicMs: 1000 + this.#elapsedMs - this.#sessionBeganMs,
      session: this.#session,
    };
  }

  after(seconds: number): this {
    this.#elapsedMs += seconds * 1000;
    return this;
  }

  /** The console ended and came back: the monotonic clock begins anew. */
  newSession(session: string): this {
    this.#session = session;
    this.#sessionBeganMs = this.#elapsedMs;
    return this.add({ type: 'run.resumed', operator: 'Operator', appVersion: '0.1.0' });
  }

  add(event: RunEvent): this {
    const { at, monotonicMs, session } = this.now;
    const record = RunRecord.parse({
      v: 1,
      runId: STORY_RUN,
      seq: this.records.length,
      prev: '0'.repeat(64),
      at,
      monotonicMs,
      session,
      event,
    });
    this.records.push(record);
    this.state = reduce(this.state, record);
    return this;
  }

  health(to: 'serving' | 'unhealthy' | 'down' | 'not-measured'): this {
    return this.add({
      type: 'health.changed',
      to,
      detail: '',
      sinceMonotonicMs: this.now.monotonicMs,
    });
  }

  evidence(symptoms = 'Every fifth analysis fails', impact = 'Prices are late'): this {
    return this.add({
      type: 'evidence.recorded',
      evidence: { ...noEvidence, severity: 'high', symptoms, impact },
    });
  }

  order(reason = 'v1.2.0 fails a third of its requests'): this {
    const environment = this.runbook.environments[0]!;
    const procedure = this.runbook.procedures[0]!;
    const to = target('v1.1.0');
    const from = target('v1.2.0', true);
    const steps = planSteps({
      runbook: this.runbook,
      environment,
      procedure,
      target: to,
      from,
      runId: STORY_RUN,
      kinds: (kind) => ({
        risk: /find|log|check|wait/.test(kind) ? 'read' : 'change',
        repeatable: true,
        isReversible: true,
        startsWriters: /start$|swap-names$/.test(kind),
        isManual: false,
        // What is found on the engine needs no loading.
        isIdle: () => kind === 'docker.pull',
        approvedBy: 'operator',
        describe: () => `Do ${kind}`,
        commands: () => [`run ${kind}`],
        undoText: () => `Undo ${kind}`,
      }),
    });
    return this.add({ type: 'target.chosen', target: to, from, preview: [] }).add({
      type: 'rollback.ordered',
      authority: 'Team lead',
      operator: 'Operator',
      reason,
      verdict: 'Roll back: severity is high.',
      steps: [...steps],
    });
  }

  prepare(): this {
    return this.add({ type: 'preparation.completed', by: 'Operator' });
  }

  get stepIds(): readonly StepId[] {
    return this.state.steps.map(({ plan }) => plan.id);
  }

  begin(id: string): this {
    return this.add({ type: 'step.started', stepId: id as StepId, attempt: 1, before: null });
  }

  succeed(id: string, summary = 'as wanted'): this {
    return this.add({
      type: 'step.succeeded',
      stepId: id as StepId,
      summary,
      wasAlready: false,
    });
  }

  /** Every step that is left, each taking the same time, and then the end. */
  runAll(secondsEach: number): this {
    for (const { plan, status } of this.state.steps) {
      if (status === 'pending') {
        this.begin(plan.id).after(secondsEach).succeed(plan.id);
      }
    }
    return this.add({ type: 'rollback.completed' });
  }

  send(messageId: string): this {
    return this.add({
      type: 'message.sent',
      messageId,
      where: '#incidents',
      body: 'Words',
      by: 'Operator',
    });
  }

  watch(verdict: 'pass' | 'fail' | 'inconclusive', endedBy: string | null = null): this {
    return this.add({ type: 'watch.started', seconds: 60, intervalSeconds: 30 })
      .add({
        type: 'watch.sampled',
        sample: {
          atSeconds: 0,
          serving: 'serving',
          status: 200,
          milliseconds: 12,
          cpuPercent: 3,
          memoryBytes: 100_000_000,
          restarts: 0,
          newErrorLines: verdict === 'fail' ? 2 : 0,
        },
      })
      .after(60)
      .add({ type: 'watch.ended', verdict, reasons: ['One look found it serving.'], endedBy });
  }
}
