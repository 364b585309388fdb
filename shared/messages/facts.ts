import { formatAbout, formatClockTime, formatMeasured } from '../metrics/format-duration.js';
import { figures } from '../metrics/figures.js';
import type { Figures } from '../metrics/figures.js';
import { secondsBetween } from '../metrics/time.js';
import type { Moment, RunState } from '../run/state.js';
import { messagesDue } from './due.js';
import type { FactName } from './fact-names.js';
import { newestLoss } from '../run/predicted-loss.js';
import { outcomeWords, servingVersion, stateWords, verificationWords } from './state-words.js';

/** What messages can say right now; null where it is not known yet. */
export type MessageFacts = Readonly<Record<FactName, string | null>>;

export type FactOptions = {
  /** What this rollback usually took in past runs; without it the written estimates count. */
  readonly usualSeconds?: number | null;
};

export function messageFacts(
  state: RunState,
  now: Moment,
  options: FactOptions = {},
): MessageFacts {
  return { ...subjectFacts(state), ...progressFacts(state, now, options), ...reviewFacts(state) };
}

function subjectFacts({ started, from, target }: RunState) {
  return {
    service: started?.runbook.service.title ?? null,
    environment: started?.environment.name ?? null,
    kind: started?.kind ?? null,
    from: from?.version ?? null,
    to: target?.version ?? null,
  } satisfies Partial<MessageFacts>;
}

function progressFacts(state: RunState, now: Moment, { usualSeconds }: FactOptions) {
  const { order, evidence } = state;
  const current = figures(state, now);
  return {
    serving: servingVersion(state),
    outcome: outcomeWords(state),
    state: stateWords(state),
    reason: filled(order?.reason) ?? filled(evidence.symptoms),
    impact: filled(evidence.impact),
    eta: expectedEnd(state, now, usualSeconds ?? null),
    nextUpdate: nextUpdate(state, now),
    downtime: downtimeWords(state, current),
    duration: soFar(current.rollbackSeconds, current.isFinal),
    verification: verificationWords(state),
    authority: order?.authority ?? null,
    operator: filled(state.operator),
  } satisfies Partial<MessageFacts>;
}

function reviewFacts(state: RunState) {
  const { review } = state;
  const predicted = newestLoss(state);
  return {
    dataLoss:
      filled(review.dataLoss) ?? (predicted === null ? null : `predicted before it: ${predicted}`),
    rootCause: filled(review.rootCause),
    nextSteps: filled(review.nextSteps),
    reviewDate: filled(review.reviewDate),
  } satisfies Partial<MessageFacts>;
}

function filled(text: string | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}

/** Null once something went wrong: nobody can say when a failed step will be settled. */
function expectedEnd(state: RunState, now: Moment, usualSeconds: number | null): string | null {
  const { started, order, completedAt, steps } = state;
  if (completedAt !== null) {
    return `done at ${formatClockTime(completedAt.at)}`;
  }
  if (started === null || state.phase === 'rolling-forward' || state.closed !== null) {
    return null;
  }
  if (order === null) {
    return `${formatAbout(usualSeconds ?? started.procedure.estimateSeconds.to)} from the start`;
  }
  if (state.rolledForwardAt !== null || steps.some(({ status }) => held.has(status))) {
    return null;
  }
  const usualRest = (usualSeconds ?? 0) - secondsBetween(order.at, now);
  const rest = usualRest > 0 ? usualRest : remainingSeconds(state, now);
  const at = new Date(Date.parse(now.at) + rest * 1000).toISOString();
  return `${formatClockTime(at)} (in ${formatAbout(rest)})`;
}

const held: ReadonlySet<string> = new Set([
  'failed',
  'unknown',
  'undo-failed',
  'undoing',
  'undone',
]);

function remainingSeconds({ steps }: RunState, now: Moment): number {
  return steps.reduce((sum, { plan, status, startedAt }) => {
    if (status === 'running' && startedAt !== null) {
      return sum + Math.max(0, plan.estimateSeconds - secondsBetween(startedAt, now));
    }
    return status === 'pending' || status === 'approved' ? sum + plan.estimateSeconds : sum;
  }, 0);
}

function nextUpdate(state: RunState, now: Moment): string | null {
  const { nextDueAt } = messagesDue(state, now);
  return nextDueAt === null ? null : formatClockTime(nextDueAt);
}

/** "None" is said only when something was measured, and only of nothing: half a second was noticed by somebody. */
function downtimeWords({ health }: RunState, { downtimeSeconds, isFinal }: Figures): string | null {
  if (health.every((span) => span.state === 'not-measured')) {
    return null;
  }
  return downtimeSeconds === 0
    ? `none measured${isFinal ? '' : ' so far'}`
    : soFar(downtimeSeconds, isFinal);
}

function soFar(seconds: number | null, isFinal: boolean): string | null {
  return seconds === null ? null : `${formatMeasured(seconds)}${isFinal ? '' : ' so far'}`;
}
