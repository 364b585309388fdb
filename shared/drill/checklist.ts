import { assertNever } from '../assert-never.js';
import { isClosingSent } from '../messages/due.js';
import { formatDuration, formatMeasured } from '../metrics/format-duration.js';
import { secondsBetween } from '../metrics/time.js';
import type { DrillProof } from '../runbook/schema.js';
import type { RunState, StepState } from '../run/state.js';

export type DrillLine = {
  readonly id: string;
  readonly text: string;
  readonly isTicked: boolean;
  /** `console` when the run itself proves it; null when nobody has ticked it. */
  readonly by: string | null;
  readonly evidence: string;
};

/** The drill's checklist: what a person said stands, otherwise what the run proves. */
export function drillChecklist(state: RunState): readonly DrillLine[] {
  return (state.started?.runbook.drill.checklist ?? []).map(({ id, text, proof }) => {
    const said = state.drillTicks[id];
    const evidence = proof === undefined ? null : drillEvidence(proof, state);
    if (said !== undefined) {
      return { id, text, isTicked: said.isTicked, by: said.by, evidence: evidence ?? '' };
    }
    return {
      id,
      text,
      isTicked: evidence !== null,
      by: evidence === null ? null : 'console',
      evidence: evidence ?? '',
    };
  });
}

/** What in the run proves it; null when nothing does. Never proves more than the record says. */
export function drillEvidence(proof: DrillProof, state: RunState): string | null {
  switch (proof) {
    case 'backup-step-done':
      return succeeded(state, (kind) => /\.(backup|dump)$/.test(kind));
    case 'old-stopped-gracefully':
      return stoppedInTime(state);
    case 'target-known':
      return state.target && `${state.target.version} (${state.target.id.slice(0, 19)})`;
    case 'rolled-back':
      return state.completedAt && `complete at ${state.completedAt.at}`;
    case 'started':
      return succeeded(state, (kind) => kind.endsWith('.start'));
    case 'health-passed':
      return succeeded(state, (kind) => kind === 'service.check-health');
    case 'trigger-completed':
      return succeeded(state, (kind) => kind === 'service.trigger');
    case 'watch-complete':
      return watchedInFull(state);
    case 'no-new-errors':
      return noNewErrors(state);
    case 'closing-message-sent':
      return isClosingSent(state) ? 'a closing message was sent' : null;
    default:
      return assertNever(proof);
  }
}

function succeeded({ steps }: RunState, isIt: (kind: string) => boolean): string | null {
  const found = steps.filter(({ plan }) => isIt(plan.kind));
  const isAll = found.length > 0 && found.every(({ status }) => status === 'succeeded');
  return isAll ? found.map(resultOf).join('; ') : null;
}

function resultOf({ plan, summary }: StepState): string {
  return `${plan.title}: ${summary === '' ? 'done' : summary}`;
}

/** A stop that used up its whole grace may have been a kill; then a person must say what it was. */
function stoppedInTime({ steps }: RunState): string | null {
  const stops = steps.filter(({ plan }) => plan.kind.endsWith('.stop')).map(inTime);
  return stops.length === 0 || stops.includes(null) ? null : stops.join('; ');
}

function inTime({ plan: { params }, status, startedAt, endedAt }: StepState): string | null {
  if (status !== 'succeeded' || startedAt === null || endedAt === null) {
    return null;
  }
  const grace =
    params !== null && typeof params === 'object' && !Array.isArray(params)
      ? params['graceSeconds']
      : undefined;
  const took = secondsBetween(startedAt, endedAt);
  return typeof grace === 'number' && took < grace
    ? `stopped in ${formatMeasured(took)} of ${formatDuration(grace)} allowed`
    : null;
}

function watchedInFull({ watch }: RunState): string | null {
  const ended = watch?.ended ?? null;
  return watch === null ||
    ended === null ||
    ended.endedBy !== null ||
    ended.verdict === 'inconclusive'
    ? null
    : `watched for ${formatDuration(watch.seconds)}: ${ended.verdict}`;
}

function noNewErrors({ watch, steps }: RunState): string | null {
  const ended = watch?.ended ?? null;
  const logChecks = steps.filter(({ plan }) => plan.kind.endsWith('.check-log'));
  const isLogClean = logChecks.every(({ status }) => status === 'succeeded');
  if (watch === null || ended === null || watch.samples.length === 0 || !isLogClean) {
    return null;
  }
  return watch.samples.every(({ newErrorLines }) => newErrorLines === 0)
    ? `no new error lines, looks taken: ${String(watch.samples.length)}`
    : null;
}
