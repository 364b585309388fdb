import { useState } from 'react';
import type { ReactNode } from 'react';
import type { RunState, StepState } from '../../shared/run/state.js';
import { useRunTools } from '../stores/use-run-tools.js';
import { useRun } from '../stores/use-run.js';
import type { StageActions } from '../ui/actions/action.js';
import { useAsk, useStageActions } from '../ui/actions/actions-context.js';
import { Card, ScreenTitle } from '../ui/card.js';
import { EmptyState } from '../ui/empty-state.js';
import { KeyHint } from '../ui/key-hint.js';
import { StageLayout } from '../ui/stage-layout.js';
import { stepInFocus } from '../ui/step/step-actions.js';
import { GateCard } from '../ui/step/gate-card.js';
import { movesOf } from '../ui/step/moves.js';
import { OverdueCard } from '../ui/step/overdue-card.js';
import { RollForwardList } from '../ui/step/roll-forward-list.js';
import { TroubleCard } from '../ui/step/trouble-card.js';
import { CheckList } from './check-list.js';
import { verifyActions } from './use-verify.js';
import { verifySentence } from './verify-sentence.js';
import { WatchPanel } from './watch-panel.js';

/** Stage 4: does it really serve, and does it go on serving? */
export function VerifyScreen(): ReactNode {
  const run = useRun();
  return run.started === null ? null : <VerifyStage run={run} />;
}

function VerifyStage({ run }: { readonly run: RunState }): ReactNode {
  const desk = useRunTools(useAsk());
  const checks = run.steps.filter(({ plan }) => plan.stage === 'verify');
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const isAllOpen = checks.length > 0 && checks.every(({ plan }) => toggled.has(plan.id));
  const actions = verifyActions(desk, {
    id: 'evidence',
    label: isAllOpen ? 'Hide the evidence' : 'Show the evidence of every check',
    key: 'X',
    tone: 'quiet',
    isInBar: false,
    run: () => {
      setToggled(isAllOpen ? new Set() : new Set(checks.map(({ plan }) => plan.id)));
    },
  });
  useStageActions(actions);
  // A verdict on what is being taken back would be read as one on what serves now.
  const isWatched = run.watch !== null && run.rollForward === null;
  return (
    <StageLayout>
      {run.rollForward === null ? (
        <ScreenTitle eyebrow={<b>Verify</b>}>{verifySentence(run)}</ScreenTitle>
      ) : null}
      <Trouble run={run} actions={actions} />
      {run.rollForward === null ? null : <RollForwardList run={run} />}
      {isWatched ? <WatchPanel run={run} /> : null}
      <Card
        title={`${run.rollForward === null ? 'Checks' : 'Checks before it was taken back'}: ${checksWords(checks)}`}
        aside={
          <>
            <KeyHint name="X" /> evidence
          </>
        }
      >
        {checks.length === 0 ? (
          <EmptyState title="No checks are planned yet">
            They are part of the plan, which is made when the rollback is ordered.
          </EmptyState>
        ) : (
          <CheckList
            steps={checks}
            open={toggled}
            onToggle={(stepId) => {
              setToggled(
                toggled.has(stepId)
                  ? new Set([...toggled].filter((id) => id !== stepId))
                  : new Set([...toggled, stepId]),
              );
            }}
            onCopy={desk.copy}
          />
        )}
      </Card>
      {run.watch === null && run.rollForward === null && checks.length > 0 ? (
        <WatchPanel run={run} />
      ) : null}
    </StageLayout>
  );
}

const settled: ReadonlySet<StepState['status']> = new Set(['succeeded', 'done-by-hand']);

function checksWords(checks: readonly StepState[]): string {
  const passed = checks.filter(({ status }) => settled.has(status)).length;
  const failed = checks.filter(({ status }) => status === 'failed').length;
  return `${passed} of ${checks.length} passed${failed === 0 ? '' : `, ${failed} failed`}`;
}

const inTrouble: ReadonlySet<StepState['status']> = new Set(['failed', 'unknown', 'undo-failed']);

/** The same card as in Execute: what is known, what is not, and the legal moves, which are the bar's buttons. */
function Trouble({
  run,
  actions,
}: {
  readonly run: RunState;
  readonly actions: StageActions;
}): ReactNode {
  const step = stepInFocus(run);
  // What holds the roll forward is named wherever the operator stands.
  if (step === undefined || (step.plan.stage !== 'verify' && run.rollForward === null)) {
    return null;
  }
  const moves = movesOf(actions);
  return inTrouble.has(step.status) ? (
    <TroubleCard step={step} moves={moves} />
  ) : (
    <>
      <OverdueCard step={step} moves={moves} />
      <GateCard run={run} step={step} />
    </>
  );
}
