import type { PreviewItem } from '../plan/target.js';
import type { StepState } from './state.js';

/** The line of the preview that says what going there takes away. */
export const lossItemId = 'loss';

type Previewed = { readonly preview: readonly PreviewItem[] };

/** What is known of the loss before anything is done; null where nobody looked, or the loss could not be seen. */
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

/**
 * What the operator must have read before these steps are approved: empty where none of them replaces data, never empty
 * where one does.
 */
export function lossToConfirm(state: Previewed, steps: readonly StepState[]): readonly string[] {
  if (!steps.some(({ plan }) => replacing.has(plan.kind))) {
    return [];
  }
  const known = predictedLoss(state);
  return [
    known === null
      ? 'Predicted loss: not known. Nobody can say what this takes away.'
      : `Predicted loss: ${known}`,
  ];
}
