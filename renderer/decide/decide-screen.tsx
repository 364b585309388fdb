import type { ReactNode } from 'react';
import { currentStage } from '../../shared/run/select.js';
import { registryPlaceOf } from '../../shared/runbook/registry-place.js';
import type { StartedRun } from '../../shared/run/state.js';
import { valueOf } from '../stores/answer-store.js';
import { useClient, useNavigation } from '../stores/stores.js';
import { useRun, useSend } from '../stores/use-run.js';
import type { StageActions } from '../ui/actions/action.js';
import { useAsk, useStageActions } from '../ui/actions/actions-context.js';
import { goOnAction } from '../ui/go-on.js';
import { KeyHint } from '../ui/key-hint.js';
import { StageLayout } from '../ui/stage-layout.js';
import { UnrecordedNotice } from '../ui/unrecorded-notice.js';
import { CRITERIA, CriteriaLists } from './criteria-lists.js';
import { decidingActions, evidenceActions } from './decide-actions.js';
import classes from './decide-screen.module.css';
import { DecisionMatrix } from './decision-matrix.js';
import { EvidenceForm, FIRST_FIELD } from './evidence-form.js';
import { fixForwardDialog } from './fix-forward-dialog.js';
import { LiveNumbers } from './live-numbers.js';
import { orderDialog } from './order-dialog.js';
import { OrderCard, RecordedPreviewCard } from './ordered-cards.js';
import { PreviewCard } from './preview-card.js';
import { offeredBeside } from './take-measured.js';
import { registryDialog } from './registry-dialog.js';
import { TARGET_FIELD } from './target-table.js';
import { TargetsCard } from './targets-card.js';
import { useDecide } from './use-decide.js';
import type { Decide } from './use-decide.js';
import { useTargetSearch } from './use-target-search.js';
import type { TargetSearch } from './use-target-search.js';
import { VerdictLine } from './verdict-line.js';

/** Stage 1: what is known, what follows from it, what there is to go back to; the order starts the clock. */
export function DecideScreen(): ReactNode {
  const { started } = useRun();
  return started === null ? null : <DecideStage started={started} />;
}

function DecideStage({ started }: { readonly started: StartedRun }): ReactNode {
  const decide = useDecide(started);
  const search = useTargetSearch(decide.run);
  useStageActions(useDecideActions(started, decide, search));
  const isDeciding = decide.run.phase === 'deciding';
  return (
    <StageLayout>
      {isDeciding ? null : <OrderCard run={decide.run} />}
      <VerdictLine verdict={decide.verdict} />
      <Judgement started={started} decide={decide}>
        {isDeciding ? (
          <>
            <TargetsCard
              search={search}
              service={started.runbook.service.name}
              source={started.procedure.targets}
              hasRegistry={registryPlaceOf(started) !== null}
            />
            <PreviewCard target={search.chosen} preview={search.preview} />
          </>
        ) : (
          <RecordedPreviewCard run={decide.run} />
        )}
      </Judgement>
    </StageLayout>
  );
}

function Judgement({
  started,
  decide,
  children,
}: {
  readonly started: StartedRun;
  readonly decide: Decide;
  /** What there is to go back to; stands between the matrix and the criteria. */
  readonly children: ReactNode;
}): ReactNode {
  const { evidence, verdict, measured, draft, change, say } = decide;
  const { decision } = started.runbook;
  const errorRate = valueOf(measured)?.errorRatePercent ?? null;
  return (
    <fieldset className={classes['fields']} disabled={decide.run.phase === 'closed'}>
      <UnrecordedNotice label="Record the evidence" draft={draft} />
      <div className={classes['judgement']}>
        <EvidenceForm
          evidence={evidence}
          offeredErrorRate={offeredBeside(evidence.errorRatePercent, errorRate)}
          aside={<KeyHint name="E" />}
          live={<LiveNumbers answer={measured} />}
          onChange={change}
        />
        <div>
          <DecisionMatrix decision={decision} verdict={verdict} />
          {children}
          <CriteriaLists decision={decision} verdict={verdict} onSay={say} />
        </div>
      </div>
    </fieldset>
  );
}

function useDecideActions(started: StartedRun, decide: Decide, search: TargetSearch): StageActions {
  const client = useClient();
  const send = useSend();
  const ask = useAsk();
  const { openStage } = useNavigation();
  const { run, verdict, evidence, measure } = decide;
  if (run.phase !== 'deciding') {
    return {
      primary: goOnAction(currentStage(run), 'decide', openStage),
      others: run.phase === 'closed' ? [] : evidenceActions({ measure, ...focusMoves }),
    };
  }
  const { chosen, preview } = search;
  const { runId, runbook, environment } = started;
  const registry = registryPlaceOf(started);
  return decidingActions(chosen, search.found.status === 'asking', {
    order: () => {
      if (chosen === null) {
        return;
      }
      ask(
        orderDialog({
          service: runbook.service.name,
          environment: environment.name,
          target: chosen,
          verdict,
          symptoms: evidence.symptoms,
          preview: valueOf(preview),
          authority: runbook.contacts.authority,
          order: async (answers) => {
            await client.request('runs.chooseTarget', { runId, targetId: chosen.id });
            await client.request('runs.order', { runId, ...answers });
            openStage('prepare');
          },
        }),
      );
    },
    fixForward: () => {
      ask(
        fixForwardDialog(verdict, async (reason) => {
          await send({ type: 'fix-forward', reason });
        }),
      );
    },
    measure,
    lookAgain: search.lookAgain,
    askRegistry:
      registry === null
        ? null
        : () => {
            ask(registryDialog(registry, environment, search.askRegistry));
          },
    previewAgain: search.previewAgain,
    ...focusMoves,
  });
}

const focusMoves = {
  focusEvidence: () => {
    document.getElementById(FIRST_FIELD)?.focus();
  },
  focusCriteria: () => {
    document.querySelector<HTMLElement>(`#${CRITERIA} input`)?.focus();
  },
  focusTargets: focusTarget,
};

function focusTarget(): void {
  const all = document.querySelectorAll<HTMLInputElement>(`input[name="${TARGET_FIELD}"]`);
  const open = [...all].filter(({ disabled }) => !disabled);
  (open.find(({ checked }) => checked) ?? open[0])?.focus();
}
