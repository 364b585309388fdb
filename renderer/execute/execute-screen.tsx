import { useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { currentStep } from '../../shared/run/select.js';
import { useOpenRun } from '../stores/stores.js';
import { useRunTools } from '../stores/use-run-tools.js';
import { noActions } from '../ui/actions/action.js';
import type { Action } from '../ui/actions/action.js';
import { useAsk, useStageActions } from '../ui/actions/actions-context.js';
import type { LogHandle } from '../ui/log/log-view.js';
import { StageLayout } from '../ui/stage-layout.js';
import { onOffer } from '../ui/step/common-actions.js';
import { stepActions, stepInFocus } from '../ui/step/step-actions.js';
import { foresightAction, useForesight } from './foresight-card.js';
import { LogPanels } from './log-panels.js';
import { StepWork } from './step-work.js';

/** One step in focus, its log beside it, and only what is legal now. */
export function ExecuteScreen(): ReactNode {
  const { run, isAttached } = useOpenRun();
  const tools = useRunTools(useAsk());
  const log = useRef<LogHandle>(null);
  const [isWholeLog, setIsWholeLog] = useState(false);
  const focus = stepInFocus(run);
  const foreseen = useForesight(run, focus, isAttached);
  const looking = foreseen.status === 'asking' ? (focus?.plan.unit ?? null) : null;
  const actions = useMemo(() => stepActions({ ...tools, looking }, 'execute'), [tools, looking]);
  const toggleWhole = (): void => {
    setIsWholeLog((now) => !now);
  };
  const search: Action = {
    id: 'search-log',
    label: 'Search the log',
    key: '/',
    tone: 'quiet',
    isInBar: false,
    run: () => {
      log.current?.search();
    },
  };
  const scope: Action = {
    id: 'log-scope',
    label: isWholeLog ? 'Show the log of this step only' : 'Show the log of all steps',
    key: 'A',
    tone: 'quiet',
    isInBar: false,
    run: toggleWhole,
  };
  const compare = onOffer([foresightAction(foreseen)]);
  useStageActions({ ...actions, others: [...actions.others, ...compare, search, scope] });
  return (
    <StageLayout
      evidence={
        <LogPanels
          step={focus ?? currentStep(run) ?? run.steps.at(-1)}
          isWholeLog={isWholeLog || focus === undefined}
          onToggleWhole={toggleWhole}
          serviceName={run.started?.runbook.service.name ?? 'the service'}
          onCopy={tools.copy}
          searchRef={log}
        />
      }
    >
      {/* A run that is only read offers no moves: they come back when it is continued. */}
      <StepWork
        run={run}
        actions={isAttached ? actions : noActions}
        foreseen={foreseen}
        onCopy={tools.copy}
      />
    </StageLayout>
  );
}
