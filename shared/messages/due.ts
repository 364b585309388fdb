import { isBefore, laterOf, secondsBetween } from '../metrics/time.js';
import type { MessageTemplate } from '../runbook/schema.js';
import type { Moment, RunState } from '../run/state.js';

export type Due = {
  /** When people must hear next, by the wall clock; null when nobody waits for word. */
  readonly nextDueAt: string | null;
  /** Negative when overdue. */
  readonly secondsUntilDue: number | null;
  /** Ids of the messages that wait to be sent. Its length is the badge. */
  readonly due: readonly string[];
};

const nothingDue: Due = { nextDueAt: null, secondsUntilDue: null, due: [] };

/**
 * The first message is due within `firstDueSeconds` of the order, then one `everySeconds` after the last that was
 * sent, until a closing message goes out. The clock does not stop at "completed": people still have to hear it.
 */
export function messagesDue(state: RunState, now: Moment): Due {
  const { order, started, closed } = state;
  if (order === null || started === null || closed !== null) {
    return nothingDue;
  }
  const { messages } = started.runbook;
  const isOver = state.completedAt !== null || state.rolledForwardAt !== null;
  const unsent = (moment: MessageTemplate['moment']): readonly string[] =>
    messages.templates
      .filter((template) => template.moment === moment && !isSent(state, template))
      .map(({ id }) => id);
  if (isClosingSent(state)) {
    return { ...nothingDue, due: unsent('end') };
  }
  const last = lastSent(state, order.at);
  const secondsUntilDue =
    last === null
      ? messages.firstDueSeconds - secondsBetween(order.at, now)
      : messages.everySeconds - secondsBetween(last, now);
  return {
    nextDueAt: new Date(Date.parse(now.at) + secondsUntilDue * 1000).toISOString(),
    secondsUntilDue,
    due: isOver ? unsent('end') : dueAtStart(unsent('start'), secondsUntilDue, messages.templates),
  };
}

/** Whether a closing message was sent after there was an end to tell. */
export function isClosingSent(state: RunState): boolean {
  const templates = state.started?.runbook.messages.templates ?? [];
  return templates.some(({ id, moment }) => moment === 'end' && isSentSinceEnd(state, id));
}

function isSent(state: RunState, { id, moment }: MessageTemplate): boolean {
  return moment === 'end' ? isSentSinceEnd(state, id) : sentMoments(state, id).length > 0;
}

function isSentSinceEnd(state: RunState, id: string): boolean {
  const end = state.rolledForwardAt ?? state.completedAt;
  return end !== null && sentMoments(state, id).some((at) => !isBefore(at, end));
}

/** While the work goes on a repeated update is due: any message of the start can be sent again, the first one is named. */
function dueAtStart(
  unsent: readonly string[],
  secondsUntilDue: number,
  templates: readonly MessageTemplate[],
): readonly string[] {
  if (unsent.length > 0 || secondsUntilDue > 0) {
    return unsent;
  }
  return templates
    .filter(({ moment }) => moment === 'start')
    .slice(0, 1)
    .map(({ id }) => id);
}

function lastSent(state: RunState, since: Moment): Moment | null {
  const moments = Object.keys(state.messages)
    .flatMap((id) => sentMoments(state, id))
    // What went out before the order announced nothing of this rollback.
    .filter((at) => !isBefore(at, since));
  return moments.reduce<Moment | null>(
    (last, at) => (last === null ? at : laterOf(last, at)),
    null,
  );
}

function sentMoments({ messages }: RunState, id: string): readonly Moment[] {
  return (messages[id]?.sent ?? []).map(({ at }) => at);
}
