import type { ReactNode } from 'react';
import { replacingSteps } from '../../shared/run/predicted-loss.js';
import type { RunState, StepState } from '../../shared/run/state.js';
import { count } from '../text/format.js';
import type { StageActions } from '../ui/actions/action.js';
import { Card, ScreenTitle } from '../ui/card.js';
import { EmptyState } from '../ui/empty-state.js';
import { ForesightCards, ForesightNotice } from './foresight-card.js';
import type { Foreseen } from './foresight-card.js';
import { GateCard } from '../ui/step/gate-card.js';
import { movesOf } from '../ui/step/moves.js';
import { OverdueCard } from '../ui/step/overdue-card.js';
import { RollForwardList } from '../ui/step/roll-forward-list.js';
import { stepInFocus } from '../ui/step/step-actions.js';
import { StepFocus } from '../ui/step/step-focus.js';
import { TroubleCard } from '../ui/step/trouble-card.js';
import { StepParts, UnitFocus } from '../ui/step/unit-focus.js';
import { Notes } from './notes.js';

/** The middle of the Execute screen, for every phase a run can be in. */
export function StepWork({
  run,
  actions,
  foreseen,
  onCopy,
}: {
  readonly run: RunState;
  readonly actions: StageActions;
  readonly foreseen: Foreseen;
  readonly onCopy: (text: string) => Promise<void>;
}): ReactNode {
  if (run.steps.length === 0 || run.phase === 'deciding') {
    return (
      <EmptyState title="No rollback has been ordered yet.">
        The plan is made when the rollback is ordered, in Decide.
      </EmptyState>
    );
  }
  if (run.phase === 'preparing') {
    return (
      <>
        <ScreenTitle eyebrow={<b>Not begun</b>}>
          {count(run.steps.length, 'step')} {run.steps.length === 1 ? 'waits' : 'wait'} until the
          preparation is complete
        </ScreenTitle>
        <Plan run={run} />
      </>
    );
  }
  const focus = stepInFocus(run);
  if (run.rollForward !== null) {
    return (
      <>
        {focus === undefined ? null : <Trouble step={focus} actions={actions} />}
        <RollForwardList run={run} />
        <Notes notes={run.notes} />
      </>
    );
  }
  return (
    <>
      {focus?.plan.stage === 'execute' ? (
        <InFocus run={run} step={focus} actions={actions} foreseen={foreseen} onCopy={onCopy} />
      ) : (
        <Finished run={run} />
      )}
      <Notes notes={run.notes} />
    </>
  );
}

function InFocus({
  run,
  step,
  actions,
  foreseen,
  onCopy,
}: {
  readonly run: RunState;
  readonly step: StepState;
  readonly actions: StageActions;
  readonly foreseen: Foreseen;
  readonly onCopy: (text: string) => Promise<void>;
}): ReactNode {
  const unit = run.steps.filter(({ plan }) => plan.unit === step.plan.unit);
  const first = run.steps.findIndex(({ plan }) => plan.unit === step.plan.unit) + 1;
  const total = run.steps.length;
  return (
    <>
      <Trouble step={step} actions={actions} />
      <OverdueCard step={step} moves={movesOf(actions)} />
      <GateCard run={run} step={step} />
      <ForesightNotice foreseen={foreseen} isDataReplaced={replacingSteps(unit).length > 0} />
      {unit.length === 1 ? (
        <StepFocus step={step} place={`Step ${first} of ${total}`} copyKey="C" onCopy={onCopy} />
      ) : (
        <UnitFocus
          steps={unit}
          place={`Steps ${first}–${first + unit.length - 1} of ${total}`}
          copyKey="C"
          onCopy={onCopy}
        />
      )}
      <ForesightCards foreseen={foreseen} />
    </>
  );
}

const inTrouble: ReadonlySet<StepState['status']> = new Set(['failed', 'unknown', 'undo-failed']);

function Trouble({
  step,
  actions,
}: {
  readonly step: StepState;
  readonly actions: StageActions;
}): ReactNode {
  if (!inTrouble.has(step.status)) {
    return null;
  }
  return <TroubleCard step={step} moves={movesOf(actions)} />;
}

function Finished({ run }: { readonly run: RunState }): ReactNode {
  return (
    <>
      <ScreenTitle eyebrow={<b>Every step here is settled</b>}>
        {run.target?.version ?? 'The target'} has been started. Verify whether it serves.
      </ScreenTitle>
      <Plan run={run} />
    </>
  );
}

function Plan({ run }: { readonly run: RunState }): ReactNode {
  return (
    <Card>
      <StepParts steps={run.steps.filter(({ plan }) => plan.stage === 'execute')} />
    </Card>
  );
}
