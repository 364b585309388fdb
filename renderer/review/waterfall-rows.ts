import { secondsBetween } from '../../shared/metrics/time.js';
import type { Moment, RunState, StepState } from '../../shared/run/state.js';

export type WaterfallRow = {
  readonly id: string;
  readonly title: string;
  readonly status: StepState['status'];
  readonly seconds: number;
  readonly estimateSeconds: number;
  /** Parts of the whole axis, 0 to 1. */
  readonly left: number;
  readonly width: number;
  readonly estimateWidth: number;
};

export type Waterfall = { readonly seconds: number; readonly rows: readonly WaterfallRow[] };

/**
 * Every started step on one axis: from the order to the end of the last step. Waiting for people shows as
 * the room between the bars.
 */
export function waterfall({ order, steps }: RunState, now: Moment): Waterfall | null {
  const started = steps.filter(({ startedAt }) => startedAt !== null);
  if (order === null || started.length === 0) {
    return null;
  }
  const spans = started.map((step) => ({
    step,
    from: secondsBetween(order.at, step.startedAt ?? order.at),
    to: secondsBetween(order.at, step.endedAt ?? now),
  }));
  const seconds = Math.max(...spans.map(({ to }) => to), 1);
  return {
    seconds,
    rows: spans.map(({ step: { plan, status }, from, to }) => ({
      id: plan.id,
      title: plan.title,
      status,
      seconds: to - from,
      estimateSeconds: plan.estimateSeconds,
      left: from / seconds,
      width: (to - from) / seconds,
      estimateWidth: Math.min(plan.estimateSeconds, seconds - from) / seconds,
    })),
  };
}
