import type { ServingState } from '../run/facts.js';
import type { Moment, RunState, StepState } from '../run/state.js';
import { earlierOf, isBefore, laterOf, secondsBetween } from './time.js';

export type Figures = {
  /** From the order to "the target serves and its checks passed"; null before the order and for runs that ended otherwise. */
  readonly rollbackSeconds: number | null;
  /** No answer at all, between the order and the end; null before the order. Measured by the console's own probe. */
  readonly downtimeSeconds: number | null;
  /** Answers that did not meet the health expectation; counted apart from downtime. */
  readonly unhealthySeconds: number | null;
  /** Time each started step took; one that runs is counted up to now. */
  readonly stepSeconds: Readonly<Record<string, number>>;
  /** Whether nothing of this will change any more. */
  readonly isFinal: boolean;
};

/** The run's figures at `now`. For a run that nobody drives, pass its last record's moment. */
export function figures(state: RunState, now: Moment): Figures {
  const { order } = state;
  const end = endOf(state);
  const until = end ?? now;
  return {
    rollbackSeconds: toMilliseconds(rollbackSeconds(state, now)),
    downtimeSeconds: order && toMilliseconds(secondsIn('down', state, order.at, until)),
    unhealthySeconds: order && toMilliseconds(secondsIn('unhealthy', state, order.at, until)),
    stepSeconds: stepSeconds(state.steps, now),
    isFinal: end !== null,
  };
}

/** When the clocks stop: the target serves, everything is taken back, or the run was closed before either. */
export function endOf(state: RunState): Moment | null {
  return state.completedAt ?? state.rolledForwardAt ?? state.closed?.at ?? null;
}

function rollbackSeconds(state: RunState, now: Moment): number | null {
  const { order, completedAt } = state;
  if (order === null) {
    return null;
  }
  if (completedAt !== null) {
    return secondsBetween(order.at, completedAt);
  }
  return endOf(state) === null ? secondsBetween(order.at, now) : null;
}

function secondsIn(which: ServingState, { health }: RunState, from: Moment, until: Moment): number {
  return health.reduce((sum, span, index) => {
    if (span.state !== which) {
      return sum;
    }
    const begin = laterOf(span.since, from);
    const next = health[index + 1]?.since ?? until;
    const end = earlierOf(next, until);
    return isBefore(begin, end) ? sum + secondsBetween(begin, end) : sum;
  }, 0);
}

function stepSeconds(steps: readonly StepState[], now: Moment): Figures['stepSeconds'] {
  const entries = steps.flatMap(({ plan, startedAt, endedAt, status }) => {
    const end = endedAt ?? (status === 'running' ? now : null);
    return startedAt === null || end === null
      ? []
      : [[plan.id, toMilliseconds(secondsBetween(startedAt, end))] as const];
  });
  return Object.fromEntries(entries);
}

/** Digits beyond the millisecond are the clock's noise, not a measurement. */
function toMilliseconds<T extends number | null>(seconds: T): T | number {
  return seconds === null ? seconds : Math.round(seconds * 1_000) / 1_000;
}
