import { isClosingSent } from '../../shared/messages/due.js';
import type { Review } from '../../shared/run/facts.js';
import type { RunState } from '../../shared/run/state.js';
import type { DialogSpec } from '../ui/actions/dialog-spec.js';

/** The last question of a run: what is still open is said, and forbids nothing. */
export function closeDialog(
  run: RunState,
  review: Review,
  close: (reason: string) => Promise<void>,
): DialogSpec {
  const open = stillOpen(run, review);
  return {
    title: 'Close the run',
    text: 'It can still be read, reviewed and exported afterwards. The probe and the connections end.',
    ...(open.length > 0 && { lines: open }),
    fields: [{ kind: 'textarea', name: 'reason', label: 'Closing words', isOptional: true }],
    confirm: 'Close the run',
    submit: ({ reason = '' }) => close(reason.trim()),
  };
}

export function stillOpen(run: RunState, review: Review): readonly string[] {
  const missing = [
    review.rootCause.trim() === '' ? 'root cause' : null,
    review.nextSteps.trim() === '' ? 'next steps' : null,
    review.reviewDate.trim() === '' ? 'date of the review' : null,
  ].filter((name) => name !== null);
  return [
    ...(run.order !== null && !isClosingSent(run) ? ['No closing message was sent.'] : []),
    ...(missing.length > 0 ? [`Not filled in: ${missing.join(', ')}.`] : []),
    ...(run.order === null ? ['Nothing was rolled back.'] : []),
    ...(run.order !== null && run.completedAt === null && run.rolledForwardAt === null
      ? ['The rollback was ordered and not carried out.']
      : []),
  ];
}
