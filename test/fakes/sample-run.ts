import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import type { PlannedStep } from '../../shared/plan/planned-step.js';
import { StepId } from '../../shared/plan/planned-step.js';
import type { Target } from '../../shared/plan/target.js';
import type { RunEvent, RunRecord } from '../../shared/run/events.js';
import { RunId } from '../../shared/run/events.js';
import { emptyRun, reduce } from '../../shared/run/reduce.js';
import type { RunState } from '../../shared/run/state.js';
import type { Environment } from '../../shared/runbook/environment-schema.js';
import { Runbook } from '../../shared/runbook/schema.js';

/** A run of a made-up plan, for tests of the rules: no kind, engine or host stands behind it. */
export const runId = RunId.parse('7f3a0000-0000-4000-8000-000000000001');

export const runbook: Runbook = Runbook.parse(
  parse(
    readFileSync(
      path.join(import.meta.dirname, '../fixtures/runbooks/parcel-tracker.yaml'),
      'utf8',
    ),
  ),
);

export const environment: Environment = {
  name: 'staging',
  tier: 'staging',
  url: 'http://127.0.0.1:1',
  engines: [{ name: 'docker', kind: 'docker', socket: '/nowhere.sock' }],
  variables: {},
};

export const healthy: Target = {
  id: 'sha256:aaaa',
  version: 'v1.1.0',
  names: ['service:v1.1.0'],
  createdAt: '2026-11-20T10:00:00.000Z',
  sizeBytes: 1_000,
  digest: null,
  isServing: false,
};

export const sick: Target = { ...healthy, id: 'sha256:bbbb', version: 'v1.2.0', isServing: true };

export function planned(id: string, change: Partial<PlannedStep> = {}): PlannedStep {
  return {
    id: StepId.parse(id),
    title: id,
    kind: 'test.switch',
    params: {},
    risk: 'change',
    repeatable: true,
    isReversible: true,
    isManual: false,
    approvedBy: 'operator',
    unit: id,
    stage: 'execute',
    summary: `Turn ${id} on`,
    commands: [`switch ${id} on`],
    undoText: `turn ${id} off`,
    where: 'here',
    estimateSeconds: 1,
    deadlineSeconds: 60,
    ...change,
  };
}

/** find (read) · make · [stop · start] as one cutover · check (read, verify). */
export const steps: readonly PlannedStep[] = [
  planned('find', { risk: 'read', isReversible: false, undoText: null }),
  planned('make'),
  planned('stop', { unit: 'cutover' }),
  planned('start', { unit: 'cutover' }),
  planned('check', { risk: 'read', isReversible: false, undoText: null, stage: 'verify' }),
];

export function started(): RunEvent {
  return {
    type: 'run.started',
    kind: 'drill',
    operator: 'operator',
    appVersion: '0.0.0',
    runbook,
    environment,
    procedureId: runbook.procedures[0]?.id ?? '',
    faults: [],
  };
}

export function ordered(plan: readonly PlannedStep[] = steps): RunEvent[] {
  return [
    { type: 'target.chosen', target: healthy, from: sick, preview: [] },
    {
      type: 'rollback.ordered',
      authority: 'Team lead',
      operator: 'operator',
      reason: 'half of all requests fail',
      verdict: 'Roll back',
      steps: [...plan],
    },
  ];
}

/** Up to the point where the first unit waits for its approval. */
export function readyToExecute(plan: readonly PlannedStep[] = steps): RunEvent[] {
  return [started(), ...ordered(plan), { type: 'preparation.completed', by: 'operator' }];
}

/** What a journal with these events folds to. */
export function foldEvents(events: readonly RunEvent[]): RunState {
  return recordsOf(events).reduce(reduce, emptyRun);
}

/** These events as a journal has them. */
export function recordsOf(events: readonly RunEvent[]): readonly RunRecord[] {
  return events.map((event, seq) => ({
    v: 1 as const,
    runId,
    seq,
    prev: '0'.repeat(64),
    at: '2026-11-23T12:00:00.000Z',
    monotonicMs: seq,
    session: '22222222-2222-4222-8222-222222222222',
    event,
  }));
}
