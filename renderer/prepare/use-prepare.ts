import { useState } from 'react';
import { currentStage } from '../../shared/run/select.js';
import { refusalOf } from '../../shared/run/rules.js';
import type { RunState, StartedRun } from '../../shared/run/state.js';
import { useClient, useNavigation } from '../stores/stores.js';
import { useSend } from '../stores/use-run.js';
import type { Action, StageActions } from '../ui/actions/action.js';
import { useAsk } from '../ui/actions/actions-context.js';
import { usePerform } from '../ui/actions/use-perform.js';
import { goOnAction } from '../ui/go-on.js';
import { checkboxId } from './checklist.js';
import { neighbour } from './checklist-rows.js';
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
  const perform = usePerform();
  const { openStage } = useNavigation();
  const [focusedId, focus] = useState<string | null>(null);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const stepIds = run.steps.map(({ plan }) => plan.id);
  const copy = (text: string): Promise<void> =>
    client.request('clipboard.copy', { text, html: null }).then(() => undefined);
  const checklist = useChecklistActions(rows, focusedId);

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
      setOpen(
        open.has(stepId)
          ? new Set([...open].filter((id) => id !== stepId))
          : new Set([...open, stepId]),
      );
    },
    actions: {
      primary:
        run.phase === 'preparing'
          ? {
              id: 'begin',
              label: 'Begin execution',
              key: 'Enter',
              tone: 'primary',
              refusal: refusalOf(run, { type: 'complete-preparation' }),
              run: async () => {
                await send({ type: 'complete-preparation' });
                openStage('execute');
              },
            }
          : goOnAction(currentStage(run), 'prepare', openStage),
      others: [
        ...checklist,
        quiet('commands', 'Show or hide every command', 'X', () => {
          setOpen(open.size === 0 ? new Set(stepIds) : new Set());
        }),
        quiet('copy-plan', 'Copy the plan', 'Y', () =>
          copy(
            planText(
              planTitle(run, started),
              run.steps.map(({ plan }) => plan),
            ),
          ),
        ),
        quiet('copy-contacts', 'Copy the contacts', 'K', () =>
          copy(contactsText(started.runbook.contacts)),
        ),
      ],
      ...(run.phase === 'preparing' && { then: 'nothing changes until you approve a step' }),
    },
  };
}

function planTitle({ from, target }: RunState, { runbook, environment }: StartedRun): string {
  return `Rollback of ${runbook.service.name} in ${environment.name}: ${from?.version ?? 'unknown'} to ${target?.version ?? 'unknown'}`;
}

function quiet(id: string, label: string, key: string, run: Action['run']): Action {
  return { id, label, key, tone: 'quiet', isInBar: false, run };
}

function useChecklistActions(
  rows: readonly ChecklistRow[],
  focusedId: string | null,
): readonly Action[] {
  const send = useSend();
  const ask = useAsk();
  const subject = rows.find(({ item }) => item.id === focusedId) ?? firstOpen(rows);
  const go = (step: 1 | -1): void => {
    const next = neighbour(rows, focusedId, step);
    document.getElementById(next === null ? '' : checkboxId(next))?.focus();
  };
  const arrows = [
    quiet('next-item', 'Next item of the checklist', 'ArrowDown', () => {
      go(1);
    }),
    quiet('previous-item', 'Previous item of the checklist', 'ArrowUp', () => {
      go(-1);
    }),
  ];
  if (subject === undefined || subject.tick !== null) {
    return arrows;
  }
  const { id: itemId, text } = subject.item;
  return [
    {
      id: 'tick-with-evidence',
      label: 'Tick with evidence…',
      key: 'T',
      tone: 'normal',
      detail: text,
      run: () => {
        ask({
          title: `Tick “${text}”`,
          fields: [
            { kind: 'textarea', name: 'evidence', label: 'How do you know?', isOptional: true },
          ],
          confirm: 'Tick it',
          submit: (values) =>
            send({
              type: 'tick',
              itemId,
              evidence: (values['evidence'] ?? '').trim().slice(0, 1_000),
            }),
        });
      },
    },
    {
      id: 'pass-by',
      label: 'Pass it by…',
      key: 'P',
      tone: 'normal',
      detail: text,
      run: () => {
        ask({
          title: `Pass by “${text}”`,
          text: 'It stays undone. The reason is recorded and stands in the report.',
          fields: [{ kind: 'textarea', name: 'reason', label: 'Reason' }],
          confirm: 'Pass it by',
          submit: (values) =>
            send({ type: 'pass-by', itemId, reason: (values['reason'] ?? '').trim() }),
        });
      },
    },
    ...arrows,
  ];
}

/** Required items first: they hold the door. */
export function firstOpen(rows: readonly ChecklistRow[]): ChecklistRow | undefined {
  const open = rows.filter(({ tick }) => tick === null);
  return open.find(({ item }) => item.required) ?? open[0];
}
