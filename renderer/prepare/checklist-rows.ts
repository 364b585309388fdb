import { assertNever } from '../../shared/assert-never.js';
import type { ChecklistItem } from '../../shared/runbook/schema.js';
import type { RunState, Tick } from '../../shared/run/state.js';

export type ChecklistRow = {
  readonly item: ChecklistItem;
  readonly tick: Tick | null;
  /** The console proved it: a person has nothing to tick here. */
  readonly isProven: boolean;
  /** For an open item: what would tick it without a person. */
  readonly waitsFor: string | null;
};

export function checklistRows(run: RunState): readonly ChecklistRow[] {
  return (run.started?.runbook.checklist ?? []).map((item) => {
    const tick = run.checklist[item.id] ?? null;
    return {
      item,
      tick,
      isProven: tick?.by === 'console',
      waitsFor: tick === null ? waitsFor(item) : null,
    };
  });
}

/** "7 of 10 settled · 1 required open". */
export function checklistSummary(rows: readonly ChecklistRow[]): string {
  const settled = rows.filter(({ tick }) => tick !== null).length;
  const open = rows.filter(({ tick, item }) => tick === null && item.required).length;
  return `${settled} of ${rows.length} settled · ${open === 0 ? 'nothing required is open' : `${open} required open`}`;
}

function waitsFor({ proof }: ChecklistItem): string {
  switch (proof) {
    case undefined:
      return 'for a person to tick';
    case 'decision-recorded':
    case 'target-known':
    case 'plan-prepared':
    case 'verification-known':
      return 'ticks itself with the order';
    case 'target-available':
      return 'ticks itself when the target is found in place';
    case 'evidence-recorded':
      return 'ticks itself once the symptoms are written down in Decide';
    case 'message-sent':
      return 'ticks itself once the message is marked as sent in Communicate';
    default:
      return assertNever(proof);
  }
}

/** The row after (or before) the one in focus, among those a person can act on; stays at the ends. */
export function neighbour(
  rows: readonly ChecklistRow[],
  focusedId: string | null,
  step: 1 | -1,
): string | null {
  const ids = rows.filter(({ isProven }) => !isProven).map(({ item }) => item.id);
  const index = focusedId === null ? -1 : ids.indexOf(focusedId);
  if (index === -1) {
    return rows.find(({ tick, isProven }) => tick === null && !isProven)?.item.id ?? ids[0] ?? null;
  }
  return ids[Math.min(ids.length - 1, Math.max(0, index + step))] ?? null;
}

/** Required items first: they hold the door. */
export function firstOpen(rows: readonly ChecklistRow[]): ChecklistRow | undefined {
  const open = rows.filter(({ tick }) => tick === null);
  return open.find(({ item }) => item.required) ?? open[0];
}
