import type { MessageTemplate } from '../../shared/runbook/schema.js';
import type { Due } from '../../shared/messages/due.js';
import { factTitles } from '../../shared/messages/fact-names.js';
import { messageFacts } from '../../shared/messages/facts.js';
import { editedMessage, fillMessage } from '../../shared/messages/fill.js';
import type { FilledMessage } from '../../shared/messages/fill.js';
import { formatDuration } from '../../shared/metrics/format-duration.js';
import type { MessageState, Moment, RunState } from '../../shared/run/state.js';

/** The message as it will be copied now: the operator's own words where there are any, else the template filled. */
export function messageNow(run: RunState, template: MessageTemplate, now: Moment): FilledMessage {
  const facts = messageFacts(run, now);
  const own = ownWords(run, template.id);
  return own === '' ? fillMessage(template, facts) : editedMessage(template, own, facts);
}

/** Empty while the message is the filled template: an emptied text is the way back to it. */
export function ownWords(run: RunState, messageId: string): string {
  return (run.messages[messageId]?.body ?? '').trim();
}

export type DueWord = {
  readonly word: string;
  readonly tone: 'ok' | 'warn' | 'bad' | 'dim';
};

/** How a message stands, in a word or two. */
export function dueWord(
  template: MessageTemplate,
  state: MessageState | undefined,
  { due, secondsUntilDue }: Due,
): DueWord {
  const times = state?.sent.length ?? 0;
  if (due.includes(template.id)) {
    return secondsUntilDue !== null && secondsUntilDue < 0
      ? { word: 'late', tone: 'bad' }
      : { word: 'due', tone: 'warn' };
  }
  if (times > 0) {
    return { word: times === 1 ? 'sent' : `sent ${times} times`, tone: 'ok' };
  }
  return { word: template.moment === 'end' ? 'for the end' : 'not due', tone: 'dim' };
}

/** When people must hear next, as a sentence. */
export function dueSentence({ nextDueAt, secondsUntilDue, due }: Due): string {
  if (nextDueAt === null || secondsUntilDue === null) {
    return due.length === 0
      ? 'Nobody waits for word now.'
      : 'A closing message is still to be sent.';
  }
  return secondsUntilDue < 0
    ? `People should have heard ${formatDuration(-secondsUntilDue)} ago.`
    : `People must hear within ${formatDuration(secondsUntilDue)}.`;
}

/** "3 facts are unknown (impact, root cause, next steps): press C again to copy anyway". */
export function unknownSentence({ unknown }: FilledMessage, key: string): string {
  const names = unknown.map((fact) => factTitles[fact]).join(', ');
  const count = unknown.length === 1 ? '1 fact is' : `${unknown.length} facts are`;
  return `${count} unknown (${names}): press ${key} again to copy anyway.`;
}

/** Opens on what is due first, then on the first that was never sent. */
export function firstMessage(run: RunState, due: Due): string | null {
  const templates = run.started?.runbook.messages.templates ?? [];
  const unsent = templates.find(({ id }) => (run.messages[id]?.sent.length ?? 0) === 0);
  return due.due[0] ?? unsent?.id ?? templates[0]?.id ?? null;
}
