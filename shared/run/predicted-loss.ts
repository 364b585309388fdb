import { z } from 'zod';
import type { PreviewItem } from '../plan/target.js';
import type { RunState, StepState, StepStatus } from './state.js';

/** The line of the preview that says what going there takes away. */
export const lossItemId = 'loss';

/** How the figures of a count begin, as they are shown and as they are recorded before a step. */
export const COUNTED_NOW = 'Predicted loss, counted just now';

type Previewed = { readonly preview: readonly PreviewItem[] };

/** What was known of the loss at the decision; null where nobody looked, or the loss could not be seen. */
export function predictedLoss({ preview }: Previewed): string | null {
  const item = preview.find(({ id }) => id === lossItemId);
  return item === undefined || item.state === 'red'
    ? null
    : `${item.text} (looked at ${item.checkedAt})`;
}

const replacing: ReadonlySet<string> = new Set([
  'postgres.restore',
  'postgres.restore-tables',
  'postgres.swap',
  'postgres.migrate-down',
]);

/** Steps after which other data is there. */
export const replacingSteps = (steps: readonly StepState[]): readonly StepState[] =>
  steps.filter(({ plan }) => replacing.has(plan.kind));

/**
 * Where a plan does not say it, whatever changes something may have started them, and so may a person, whatever the plan says:
 * nobody sees what they start. A warning too many loses nothing.
 */
const mayStartWriters = ({ startsWriters, risk, isManual }: StepState['plan']): boolean =>
  isManual || (startsWriters ?? risk !== 'read');

const notBegun: ReadonlySet<StepStatus> = new Set(['pending', 'approved', 'skipped']);
const notOver: ReadonlySet<StepStatus> = new Set([
  'pending',
  'approved',
  'running',
  'failed',
  'unknown',
]);

/** A person may have begun what they are asked for as soon as they are asked, before they say so, and also where they then skip it. */
function mayHaveBegun(all: readonly StepState[], step: StepState): boolean {
  const isBegun = step.attempt > 0 || !notBegun.has(step.status);
  const before = all.slice(0, all.indexOf(step));
  return isBegun || (step.plan.isManual && before.every(({ status }) => !notOver.has(status)));
}

const Counted = z.object({ loss: z.array(z.string()).min(1) });

/**
 * What was counted right before the steps that replace data began, or why it could not be; null where none has begun.
 * With the words of then: "just now" is over when this is read.
 */
export function lossBeforeIt({ steps }: Pick<RunState, 'steps'>): string | null {
  const lines = replacingSteps(steps).flatMap(
    ({ before }) => Counted.safeParse(before).data?.loss ?? [],
  );
  return lines.length === 0
    ? null
    : lines.join('\n').replaceAll(COUNTED_NOW, 'Predicted loss, counted right before it');
}

/** The newest figures there are: those of the approval where they could be counted, else those of the decision. */
export function newestLoss(state: Previewed & Pick<RunState, 'steps'>): string | null {
  const isCounted = replacingSteps(state.steps).some(({ before }) =>
    Counted.safeParse(before).data?.loss.some((line) => line.startsWith(COUNTED_NOW)),
  );
  return isCounted ? lossBeforeIt(state) : predictedLoss(state);
}

/** Steps whose way back brings other data, although writers have been started since: taking them back loses what those wrote. */
export function undoneWithLoss(
  { steps: all }: Pick<RunState, 'steps'>,
  undone: readonly StepState[],
): readonly StepState[] {
  return undone.filter((step) => {
    const later = all.slice(all.indexOf(step) + 1);
    const isStarted = later.some((one) => mayStartWriters(one.plan) && mayHaveBegun(all, one));
    return step.attempt > 0 && replacing.has(step.plan.kind) && isStarted;
  });
}

/** Said again at the moment of the undo: empty where nothing was written since that could be lost. */
export function undoLossWords(
  state: Pick<RunState, 'steps'>,
  undone: readonly StepState[],
): readonly string[] {
  return undoneWithLoss(state, undone).map(
    ({ plan }) =>
      `Writers may have been started since “${plan.title}”: taking it back loses data, namely what they wrote since.`,
  );
}

/**
 * What the operator must have read before these steps are approved: empty where none of them replaces data, never empty
 * where one does.
 */
export function lossToConfirm(state: Previewed, steps: readonly StepState[]): readonly string[] {
  if (replacingSteps(steps).length === 0) {
    return [];
  }
  const known = predictedLoss(state);
  return [
    known === null
      ? 'Predicted loss: not known. Nobody can say what this takes away.'
      : `Predicted loss: ${known}`,
  ];
}
