import type { RunCommand } from '../../shared/run/commands.js';
import type { ChecklistItem } from '../../shared/runbook/schema.js';
import type { Action } from '../ui/actions/action.js';
import type { DialogSpec } from '../ui/actions/dialog-spec.js';
import { firstOpen, neighbour } from './checklist-rows.js';
import type { ChecklistRow } from './checklist-rows.js';
import { checkboxId } from './checklist.js';

type Desk = {
  readonly ask: (dialog: DialogSpec) => void;
  readonly send: (command: RunCommand) => Promise<void>;
};

/** Moves within the checklist, and what can be said of its item in focus (else of the first that is open). */
export function checklistActions(
  rows: readonly ChecklistRow[],
  focusedId: string | null,
  desk: Desk,
): readonly Action[] {
  const subject = rows.find(({ item }) => item.id === focusedId) ?? firstOpen(rows);
  const go = (step: 1 | -1): void => {
    const next = neighbour(rows, focusedId, step);
    document.getElementById(next === null ? '' : checkboxId(next))?.focus();
  };
  const arrow = (id: string, label: string, key: string, step: 1 | -1): Action => ({
    id,
    label,
    key,
    tone: 'quiet',
    isInBar: false,
    run: () => {
      go(step);
    },
  });
  const arrows = [
    arrow('next-item', 'Next item of the checklist', 'ArrowDown', 1),
    arrow('previous-item', 'Previous item of the checklist', 'ArrowUp', -1),
  ];
  return subject === undefined || subject.tick !== null
    ? arrows
    : [tickAction(subject.item, desk), passByAction(subject.item, desk), ...arrows];
}

function tickAction({ id: itemId, text }: ChecklistItem, { ask, send }: Desk): Action {
  return {
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
        submit: ({ evidence = '' }) =>
          send({ type: 'tick', itemId, evidence: evidence.trim().slice(0, 1_000) }),
      });
    },
  };
}

function passByAction({ id: itemId, text }: ChecklistItem, { ask, send }: Desk): Action {
  return {
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
        submit: ({ reason = '' }) => send({ type: 'pass-by', itemId, reason: reason.trim() }),
      });
    },
  };
}
