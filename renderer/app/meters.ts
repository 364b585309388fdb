import { secondsBetween } from '../../shared/metrics/time.js';
import type { Moment, RunState } from '../../shared/run/state.js';

/**
 * Seconds until the next message should be out, negative when it is late; null when none is expected: before
 * the order, and once somebody has been told how it ended.
 */
export function updateDueInSeconds(run: RunState, now: Moment): number | null {
  const { order, started } = run;
  if (order === null || started === null || run.closed !== null || isEndTold(run)) {
    return null;
  }
  const { firstDueSeconds, everySeconds } = started.runbook.messages;
  const last = lastSent(run);
  return last === null
    ? firstDueSeconds - secondsBetween(order.at, now)
    : everySeconds - secondsBetween(last, now);
}

function lastSent(run: RunState): Moment | null {
  const sent = Object.values(run.messages).flatMap((message) => message.sent.map(({ at }) => at));
  return sent.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))[0] ?? null;
}

function isEndTold(run: RunState): boolean {
  const ends =
    run.started?.runbook.messages.templates.filter(({ moment }) => moment === 'end') ?? [];
  return ends.some(({ id }) => (run.messages[id]?.sent.length ?? 0) > 0);
}
