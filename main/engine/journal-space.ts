import type { RunEvent } from '../../shared/run/events.js';

/**
 * What one step can come to write, forth and back: approval, two attempts with what was there before, a question
 * about silence, a look, the operator's word, and an undo that fails once. Measured in
 * test/unit/main/engine/journal-space.spec.ts: 16 KiB with a `before` of 4 KiB, where the largest one of a built-in
 * kind stays under 1 KiB.
 */
const STEP_BYTES = 20 * 1024;

/** Everything that does not grow with the plan: messages, notes, health, half an hour of watching. */
const AROUND_BYTES = 512 * 1024;

/** Room for the whole run and its undo, so that a disk that fills up cannot stop the way back. */
export function spaceForRun(stepCount: number): number {
  return AROUND_BYTES + stepCount * STEP_BYTES;
}

/** What has to be free before these are recorded; null when nothing more is promised by them. */
export function spacePromisedBy(events: readonly RunEvent[]): number | null {
  const order = events.find((event) => event.type === 'rollback.ordered');
  return order === undefined ? null : spaceForRun(order.steps.length);
}
