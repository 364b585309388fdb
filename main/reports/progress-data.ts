import { figures } from '../../shared/metrics/figures.js';
import type { Moment, RunState, StartedRun, StepStatus } from '../../shared/run/state.js';

export type ChecklistRow = {
  readonly id: string;
  readonly text: string;
  readonly required: boolean;
  readonly state: 'ticked' | 'passed-by' | 'open';
  readonly by: string | null;
  readonly at: string | null;
  /** What proved it, or why it was passed by. */
  readonly words: string;
};

export type StepRow = {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly where: string;
  readonly status: StepStatus;
  readonly attempts: number;
  /** Null for a step that never started. */
  readonly seconds: number | null;
  readonly estimateSeconds: number;
  readonly result: string;
};

export type MessageRow = {
  readonly id: string;
  readonly title: string;
  readonly audience: string;
  readonly sent: readonly {
    readonly at: string;
    readonly where: string;
    readonly by: string;
    readonly body: string;
  }[];
};

export function checklistOf(state: RunState, { runbook }: StartedRun): readonly ChecklistRow[] {
  return runbook.checklist.map(({ id, text, required }) => {
    const tick = state.checklist[id];
    return {
      id,
      text,
      required,
      state: tick?.how ?? 'open',
      by: tick?.by ?? null,
      at: tick?.at ?? null,
      words: tick?.text ?? '',
    };
  });
}

export function stepsOf(state: RunState, now: Moment): readonly StepRow[] {
  const { stepSeconds } = figures(state, now);
  return state.steps.map(({ plan, status, attempt, summary, error }) => {
    const seconds = stepSeconds[plan.id];
    return {
      id: plan.id,
      title: plan.title,
      kind: plan.kind,
      where: plan.where,
      status,
      attempts: attempt,
      seconds: seconds === undefined ? null : Math.round(seconds * 1000) / 1000,
      estimateSeconds: plan.estimateSeconds,
      result: error === null ? summary : `${error.code}: ${error.message}`,
    };
  });
}

export function messagesOf(state: RunState, { runbook }: StartedRun): readonly MessageRow[] {
  return runbook.messages.templates.map(({ id, title, audience }) => ({
    id,
    title,
    audience,
    sent: (state.messages[id]?.sent ?? []).map(({ at, where, by, body }) => ({
      at: at.at,
      where,
      by,
      body,
    })),
  }));
}
