import { titleInUnit } from '../../shared/plan/per-container.js';
import type { ReactNode } from 'react';
import { formatDuration, formatMeasured } from '../../shared/metrics/format-duration.js';
import { secondsBetween } from '../../shared/metrics/time.js';
import { phaseBeginningAt } from '../../shared/plan/planner.js';
import { statusWord } from '../../shared/run/status-words.js';
import { busyStep, currentStep, pointOfNoReturn } from '../../shared/run/select.js';
import type { RunState, StepState } from '../../shared/run/state.js';
import { DurationClock } from '../ui/duration-clock.js';
import classes from './stage-nav.module.css';

/** The steps under their stage, with the cutover bracketed and the line below which there is no way back. */
export function StepList({
  run,
  stage,
}: {
  readonly run: RunState;
  readonly stage: 'execute' | 'verify';
}): ReactNode {
  const line = pointOfNoReturn(run);
  const focus = busyStep(run) ?? currentStep(run);
  const rows = run.steps.flatMap((step, index) =>
    step.plan.stage === stage ? [{ step, previous: run.steps[index - 1], index }] : [],
  );
  if (rows.length === 0) {
    return null;
  }
  return (
    <ol className={classes['steps']}>
      {rows.map(({ step, previous, index }) => (
        <li key={step.plan.id}>
          {index === line ? <div className={classes['noReturn']}>no way back below</div> : null}
          <PhaseEdge step={step} previous={previous} />
          <UnitEdge run={run} step={step} previous={previous} />
          <div
            className={classes['step']}
            data-status={step.status}
            data-is-focus={step === focus}
            title={`${step.plan.title}: ${statusWord(step.status)}`}
          >
            <span>{titleInUnit(step.plan)}</span>
            <small>
              <StepTime step={step} />
            </small>
          </div>
        </li>
      ))}
    </ol>
  );
}

function PhaseEdge({
  step,
  previous,
}: {
  readonly step: StepState;
  readonly previous: StepState | undefined;
}): ReactNode {
  const phase = phaseBeginningAt(step.plan, previous?.plan);
  return phase === null ? null : <div className={classes['phase']}>{phase}</div>;
}

/** Where a group that is approved as one begins, and where it ends. */
function UnitEdge({
  run,
  step,
  previous,
}: {
  readonly run: RunState;
  readonly step: StepState;
  readonly previous: StepState | undefined;
}): ReactNode {
  if (previous?.plan.unit === step.plan.unit) {
    return null;
  }
  const size = run.steps.filter(({ plan }) => plan.unit === step.plan.unit).length;
  if (size > 1) {
    return <div className={classes['cut']}>{step.plan.unit} · one approval</div>;
  }
  const isAfterGroup =
    previous !== undefined &&
    previous.plan.stage === step.plan.stage &&
    run.steps.filter(({ plan }) => plan.unit === previous.plan.unit).length > 1;
  return isAfterGroup ? <div className={classes['cut']}>after</div> : null;
}

function StepTime({ step }: { readonly step: StepState }): ReactNode {
  const { status, startedAt, endedAt } = step;
  if (status === 'running' && startedAt !== null) {
    return <DurationClock from={startedAt} to={null} />;
  }
  if (status === 'succeeded' && startedAt !== null && endedAt !== null) {
    return formatMeasured(secondsBetween(startedAt, endedAt));
  }
  if (status === 'undoing') {
    return 'going back';
  }
  return status === 'pending'
    ? `~${formatDuration(Math.max(1, step.plan.estimateSeconds))}`
    : statusWord(status);
}
