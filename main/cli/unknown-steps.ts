import { unknownSteps } from '../../shared/run/select.js';
import type { RunState, StepState } from '../../shared/run/state.js';

/** What nobody knows of a run, and what looking at it showed. One line each. */
export function sayUnknown(state: RunState, say: (line: string) => void): void {
  for (const { plan, looked } of unknownSteps(state)) {
    say(`? ${plan.title} (${plan.id}): outcome unknown. ${lookedText(looked)}`);
  }
}

/** The exact commands that settle what is unknown, one block for each step. */
export function sayHowToSettle(state: RunState, say: (line: string) => void): void {
  const runId = state.started?.runId ?? '';
  for (const { plan } of unknownSteps(state)) {
    const settle = `lastgood resume ${runId} --settle ${plan.id}`;
    say(`Say what is true of ${plan.title}:`);
    say(`  it is done:             ${settle}=done`);
    say(`  it is not done, run it: ${settle}=not-done`);
    say(`  you did it by hand:     ${settle}=by-hand --evidence 'what you did'`);
  }
  say('With --yes the run goes on to its end; without it the run waits where it is.');
}

function lookedText(looked: StepState['looked']): string {
  if (looked === null) {
    return 'Nobody has looked yet.';
  }
  if (looked.isDone === null) {
    return `It cannot be seen: ${looked.facts}`;
  }
  return `Looked: ${looked.isDone ? 'it is done' : 'it is not done'}: ${looked.facts}`;
}
