import { formatDuration } from '../metrics/format-duration.js';
import type { ServingState } from '../run/facts.js';
import { currentStep } from '../run/select.js';
import type { RunState, StepState, WatchState } from '../run/state.js';

/** The state in words for people who do not see the console. Never says more than was measured. */
export function stateWords(state: RunState): string | null {
  if (state.started === null) {
    return null;
  }
  switch (state.phase) {
    case 'deciding':
      return 'Being assessed';
    case 'preparing':
      return 'Ordered, in preparation';
    case 'executing':
      return progressWords(state);
    case 'rolling-forward':
      return 'The rollback is being taken back';
    case 'completed':
    case 'rolled-forward':
    case 'closed':
      return endWords(state);
  }
}

/** Null until it is over: an outcome is not announced before it is one. */
export function outcomeWords({
  completedAt,
  rolledForwardAt,
  order,
  closed,
}: RunState): string | null {
  if (rolledForwardAt !== null) {
    return 'Rollback taken back';
  }
  if (completedAt !== null) {
    return 'Rollback complete';
  }
  if (closed === null) {
    return null;
  }
  return order === null ? 'No rollback' : 'Rollback abandoned';
}

export function servingVersion({
  completedAt,
  rolledForwardAt,
  from,
  target,
}: RunState): string | null {
  if (rolledForwardAt !== null) {
    return from?.version ?? null;
  }
  return completedAt === null ? null : (target?.version ?? null);
}

/** Null until the checks are through, so that "verified" cannot be sent too early. */
export function verificationWords({ completedAt, steps, watch }: RunState): string | null {
  if (completedAt === null) {
    return null;
  }
  const checks = steps.filter(({ plan }) => plan.stage === 'verify');
  const passed = checks.filter(({ status }) => status === 'succeeded').length;
  const byHand = checks.filter(({ status }) => status === 'done-by-hand').length;
  const skipped = checks.filter(({ status }) => status === 'skipped').length;
  return [
    `${String(passed)} of ${String(checks.length)} checks passed`,
    ...(byHand === 0 ? [] : [`${String(byHand)} done by hand`]),
    ...(skipped === 0 ? [] : [`${String(skipped)} skipped`]),
    watchWords(watch),
  ].join(', ');
}

function watchWords(watch: WatchState | null): string {
  if (watch === null) {
    return 'not watched yet';
  }
  const { ended } = watch;
  if (ended === null) {
    return `the watch of ${formatDuration(watch.seconds)} is still running`;
  }
  const early = ended.endedBy === null ? '' : ' (ended early)';
  switch (ended.verdict) {
    case 'pass':
      return `the watch of ${formatDuration(watch.seconds)} passed${early}`;
    case 'fail':
      return `the watch failed${early}`;
    case 'inconclusive':
      return `the watch was inconclusive${early}`;
  }
}

function progressWords(state: RunState): string {
  const step = currentStep(state);
  if (step === undefined) {
    return 'In progress';
  }
  const number = `step ${String(state.steps.indexOf(step) + 1)} of ${String(state.steps.length)}`;
  return isHeld(step)
    ? `Held up at ${number}: ${step.plan.title}`
    : `In progress, ${number}: ${step.plan.title}`;
}

function isHeld({ status }: StepState): boolean {
  return status === 'failed' || status === 'unknown' || status === 'undo-failed';
}

const notServing = {
  down: 'The service does not answer',
  unhealthy: 'The service answers but is not healthy',
} as const satisfies Partial<Record<ServingState, string>>;

function endWords(state: RunState): string | null {
  const version = servingVersion(state);
  if (version === null) {
    return outcomeWords(state);
  }
  const health = state.health.at(-1)?.state ?? 'not-measured';
  if (health === 'down' || health === 'unhealthy') {
    return notServing[health];
  }
  return state.rolledForwardAt === null
    ? `Service restored, ${version} serves`
    : `Back on ${version}, as before the rollback`;
}
