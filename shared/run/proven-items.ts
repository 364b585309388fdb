import { assertNever } from '../assert-never.js';
import type { ChecklistItem } from '../runbook/schema.js';
import type { RunState } from './state.js';

export type ProvenItem = { readonly itemId: string; readonly evidence: string };

/** The checklist items that nobody has ticked yet and that the run itself proves, with what proves them. */
export function provenItems(state: RunState): readonly ProvenItem[] {
  const items = state.started?.runbook.checklist ?? [];
  return items
    .filter(({ id }) => state.checklist[id] === undefined)
    .flatMap((item) => {
      const evidence = evidenceFor(item, state);
      return evidence === null ? [] : [{ itemId: item.id, evidence }];
    });
}

function evidenceFor({ proof, message }: ChecklistItem, state: RunState): string | null {
  const { order, target, evidence } = state;
  switch (proof) {
    case undefined:
      return null;
    case 'decision-recorded':
      return order && `${order.authority} ordered it: ${order.verdict}`;
    case 'target-known':
      return target && `${target.version} (${target.id.slice(0, 19)})`;
    case 'target-available':
      return targetAvailable(state);
    case 'plan-prepared':
      return stepCount(state, () => true, 'planned with their commands');
    case 'verification-known':
      return stepCount(state, ({ plan }) => plan.stage === 'verify', 'planned to verify it');
    case 'evidence-recorded':
      return evidence.symptoms.trim() === '' ? null : `Recorded: ${evidence.symptoms.trim()}`;
    case 'message-sent':
      return messageSent(state, message);
    default:
      return assertNever(proof);
  }
}

/** The target was found by looking; a red line of the preview about it says that this no longer helps. */
function targetAvailable({ target, preview }: RunState): string | null {
  if (target === null) {
    return null;
  }
  const isDoubted = preview.some(({ id, state }) => state === 'red' && /target|image/.test(id));
  return isDoubted
    ? null
    : `Found where it would be started: ${target.names.join(', ') || target.id}`;
}

function stepCount(
  { steps }: RunState,
  counts: (step: RunState['steps'][number]) => boolean,
  words: string,
): string | null {
  const count = steps.filter(counts).length;
  return count === 0 ? null : `${String(count)} ${count === 1 ? 'step is' : 'steps are'} ${words}`;
}

function messageSent({ messages, started }: RunState, wanted: string | undefined): string | null {
  for (const { id, title } of started?.runbook.messages.templates ?? []) {
    const sent = messages[id]?.sent[0];
    if (sent !== undefined && (wanted === undefined || wanted === id)) {
      return `“${title}” was sent to ${sent.where}`;
    }
  }
  return null;
}
