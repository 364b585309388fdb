import { useState } from 'react';
import { refusalOf } from '../../shared/run/rules.js';
import { currentStage } from '../../shared/run/select.js';
import type { RunState, StartedRun } from '../../shared/run/state.js';
import { useClient, useNavigation } from '../stores/stores.js';
import { useSend } from '../stores/use-run.js';
import type { Action, StageActions } from '../ui/actions/action.js';
import { useAsk } from '../ui/actions/actions-context.js';
import { usePerform } from '../ui/actions/use-perform.js';
import { goOnAction } from '../ui/go-on.js';
import { checklistActions } from './checklist-actions.js';
import type { ChecklistRow } from './checklist-rows.js';
import { contactsText } from './contacts.js';
import { planText } from './plan-rows.js';

export type Prepare = {
  readonly focusedId: string | null;
  readonly focus: (itemId: string) => void;
  readonly tick: (itemId: string, isTicked: boolean) => void;
  readonly copy: (text: string) => Promise<void>;
  readonly open: ReadonlySet<string>;
  readonly toggle: (stepId: string) => void;
  readonly actions: StageActions;
};

/** What can be done while the checklist holds the door, and what stays possible afterwards. */
export function usePrepare(
  run: RunState,
  started: StartedRun,
  rows: readonly ChecklistRow[],
): Prepare {
  const client = useClient();
  const send = useSend();
  const ask = useAsk();
  const perform = usePerform();
  const { openStage } = useNavigation();
  const [focusedId, focus] = useState<string | null>(null);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const copy = async (text: string): Promise<void> => {
    await client.request('clipboard.copy', { text, html: null });
  };
  const begin = async (): Promise<void> => {
    await send({ type: 'complete-preparation' });
    openStage('execute');
  };

  return {
    focusedId,
    focus,
    tick: (itemId, isTicked) => {
      perform({
        id: `tick-${itemId}`,
        label: isTicked ? 'Tick the item' : 'Take the tick off',
        run: () =>
          send(isTicked ? { type: 'tick', itemId, evidence: '' } : { type: 'untick', itemId }),
      });
    },
    copy,
    open,
    toggle: (stepId) => {
      setOpen(new Set(open.has(stepId) ? without(open, stepId) : [...open, stepId]));
    },
    actions: {
      primary:
        run.phase === 'preparing'
          ? beginAction(run, begin)
          : goOnAction(currentStage(run), 'prepare', openStage),
      others: [
        ...checklistActions(rows, focusedId, { ask, send }),
        ...planActions(run, started, copy, () => {
          setOpen(open.size === 0 ? new Set(run.steps.map(({ plan }) => plan.id)) : new Set());
        }),
      ],
      ...(run.phase === 'preparing' && { then: 'nothing changes until you approve a step' }),
    },
  };
}

function without(ids: ReadonlySet<string>, id: string): readonly string[] {
  return [...ids].filter((other) => other !== id);
}

function beginAction(run: RunState, begin: () => Promise<void>): Action {
  return {
    id: 'begin',
    label: 'Begin execution',
    key: 'Enter',
    tone: 'primary',
    refusal: refusalOf(run, { type: 'complete-preparation' }),
    run: begin,
  };
}

function planActions(
  run: RunState,
  started: StartedRun,
  copy: (text: string) => Promise<void>,
  toggleAll: () => void,
): readonly Action[] {
  const placed = { tone: 'quiet', isInBar: false } as const;
  return [
    {
      id: 'commands',
      label: 'Show or hide every command',
      key: 'X',
      ...placed,
      run: toggleAll,
    },
    {
      id: 'copy-plan',
      label: 'Copy the plan',
      key: 'Y',
      ...placed,
      run: () => {
        const steps = run.steps.map(({ plan }) => plan);
        return copy(planText(planTitle(run, started), steps));
      },
    },
    {
      id: 'copy-contacts',
      label: 'Copy the contacts',
      key: 'K',
      ...placed,
      run: () => copy(contactsText(started.runbook.contacts)),
    },
  ];
}

function planTitle({ from, target }: RunState, { runbook, environment }: StartedRun): string {
  const versions = `${from?.version ?? 'unknown'} to ${target?.version ?? 'unknown'}`;
  return `Rollback of ${runbook.service.name} in ${environment.name}: ${versions}`;
}
