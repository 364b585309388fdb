import type { ReactNode } from 'react';
import type { RunState, StartedRun } from '../../shared/run/state.js';
import { useNavigation } from '../stores/stores.js';
import { useRun } from '../stores/use-run.js';
import { useStageActions } from '../ui/actions/actions-context.js';
import { Card, ScreenTitle } from '../ui/card.js';
import { EmptyState } from '../ui/empty-state.js';
import { goOnAction } from '../ui/go-on.js';
import { KeyHint } from '../ui/key-hint.js';
import { StageLayout } from '../ui/stage-layout.js';
import { BaselineCard } from './baseline-card.js';
import { Checklist } from './checklist.js';
import { checklistRows, checklistSummary, firstOpen } from './checklist-rows.js';
import { ContactsCard } from './contacts-card.js';
import { PlanCard } from './plan-card.js';
import classes from './prepare-screen.module.css';
import { prepareSentence } from './prepare-sentence.js';
import { usePrepare } from './use-prepare.js';

/** Stage 2: what holds the door, what exactly will be done, and whom to call. */
export function PrepareScreen(): ReactNode {
  const run = useRun();
  if (run.started === null) {
    return null;
  }
  return run.order === null ? <NotOrdered /> : <PrepareStage run={run} started={run.started} />;
}

function NotOrdered(): ReactNode {
  const { openStage } = useNavigation();
  useStageActions({ primary: goOnAction('decide', 'prepare', openStage), others: [] });
  return (
    <StageLayout>
      <ScreenTitle eyebrow={<b>Prepare</b>}>Nothing to prepare yet</ScreenTitle>
      <Card>
        <EmptyState title="No rollback has been ordered yet">
          The plan and the checklist are made from the order: decide first.
        </EmptyState>
      </Card>
    </StageLayout>
  );
}

function PrepareStage({
  run,
  started,
}: {
  readonly run: RunState;
  readonly started: StartedRun;
}): ReactNode {
  const rows = checklistRows(run);
  const prepare = usePrepare(run, started, rows);
  useStageActions(prepare.actions);
  return (
    <StageLayout>
      <ScreenTitle eyebrow={<b>Prepare</b>}>{prepareSentence(run)}</ScreenTitle>
      <div className={classes['columns']}>
        <Card
          title={`Checklist: ${checklistSummary(rows)}`}
          aside={
            <>
              <KeyHint name="ArrowUp" /> <KeyHint name="ArrowDown" /> choose ·{' '}
              <KeyHint name="Space" /> tick
            </>
          }
        >
          <fieldset className={classes['fields']} disabled={run.phase === 'closed'}>
            <Checklist
              rows={rows}
              focusedId={prepare.focusedId ?? firstOpen(rows)?.item.id ?? null}
              onFocus={prepare.focus}
              onTick={prepare.tick}
            />
          </fieldset>
        </Card>
        <div>
          <ContactsCard contacts={started.runbook.contacts} onCopy={prepare.copy} />
          <BaselineCard baseline={run.baseline} />
        </div>
      </div>
      <PlanCard
        procedure={started.procedure}
        steps={run.steps.map(({ plan }) => plan)}
        open={prepare.open}
        onToggle={prepare.toggle}
        onCopy={prepare.copy}
      />
    </StageLayout>
  );
}
