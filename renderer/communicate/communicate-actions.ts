import type { MessageTemplate } from '../../shared/runbook/schema.js';
import type { FilledMessage } from '../../shared/messages/fill.js';
import { renderPlain } from '../../shared/messages/render.js';
import type { Action, StageActions } from '../ui/actions/action.js';
import type { DialogSpec } from '../ui/actions/dialog-spec.js';

export type CommunicateMoves = {
  readonly ask: (dialog: DialogSpec) => void;
  readonly copyPlain: () => Promise<void>;
  readonly copySlack: () => Promise<void>;
  readonly edit: () => void;
  readonly reset: () => Promise<void>;
  readonly markSent: (where: string, body: string) => Promise<void>;
  readonly next: () => void;
};

export type Shown = {
  readonly template: MessageTemplate;
  readonly isEditing: boolean;
  readonly hasOwnWords: boolean;
  /** Where a message went the last time; the next one probably goes there too. */
  readonly lastWhere: string;
  /** It was copied just now, in these words: then the next thing is to say where it went. */
  readonly isCopied: boolean;
  /** Where the run is, while nobody waits for word; null while a message is due. */
  readonly goOn: Action | null;
  /** Copying was asked for and waits for a second press, because facts are unknown. */
  readonly isAsked: boolean;
  readonly filled: () => FilledMessage;
};

/**
 * While a message is due, copying is the next action; once it has been copied, saying where it was posted is. While
 * nobody waits for word, the next action is where the run is.
 */
export function communicateActions(shown: Shown, moves: CommunicateMoves): StageActions {
  const primary = primaryOf(shown, moves);
  const offered = [copyAction(shown, moves), slackAction(shown, moves), sentAction(shown, moves)];
  return {
    primary,
    others: [
      // What stands in the primary's place keeps its letter, so that it can be pressed again.
      ...offered.map((action) =>
        action.label === primary.label ? { ...action, isInBar: false } : action,
      ),
      {
        id: 'edit-message',
        label: shown.isEditing ? 'Stop editing' : 'Edit the text',
        key: 'E',
        tone: 'quiet',
        run: moves.edit,
      },
      ...(shown.hasOwnWords ? [resetAction(shown, moves)] : []),
      {
        id: 'next-message',
        label: 'Next message',
        key: 'ArrowRight',
        tone: 'quiet',
        isInBar: false,
        run: moves.next,
      },
    ],
    then: 'the console sends nothing by itself',
  };
}

function primaryOf(shown: Shown, moves: CommunicateMoves): Action {
  const next = shown.isCopied ? sentAction(shown, moves) : copyAction(shown, moves);
  const action = shown.isCopied || shown.isAsked ? next : (shown.goOn ?? next);
  return { ...action, id: `${action.id}-next`, key: 'Enter', tone: 'primary' };
}

function copyAction({ template, isAsked }: Shown, { copyPlain }: CommunicateMoves): Action {
  return {
    id: `copy-${template.id}`,
    label: isAsked ? 'Copy anyway' : `Copy “${template.title}”`,
    key: 'C',
    tone: 'normal',
    run: copyPlain,
  };
}

function slackAction({ template }: Shown, { copySlack }: CommunicateMoves): Action {
  return {
    id: `slack-${template.id}`,
    label: 'Copy for Slack',
    key: 'L',
    tone: 'normal',
    run: copySlack,
  };
}

function sentAction(shown: Shown, moves: CommunicateMoves): Action {
  return {
    id: `sent-${shown.template.id}`,
    label: 'Mark as sent…',
    key: 'S',
    tone: 'normal',
    run: () => {
      moves.ask(sentDialog(shown, moves));
    },
  };
}

function resetAction({ template }: Shown, { ask, reset }: CommunicateMoves): Action {
  return {
    id: 'reset-message',
    label: 'Back to the template…',
    key: 'Shift+E',
    tone: 'quiet',
    run: () => {
      ask({
        title: `Give up your own words for “${template.title}”`,
        text: 'The text is then filled from the run again. What was sent stays in the history.',
        fields: [],
        confirm: 'Fill it from the template',
        submit: reset,
      });
    },
  };
}

function sentDialog({ template, lastWhere, filled }: Shown, moves: CommunicateMoves): DialogSpec {
  // The words are held as they are now: facts go on changing while the dialog is open.
  const body = renderPlain(filled());
  return {
    title: `Mark “${template.title}” as sent`,
    text: `For: ${template.audience}. These words are kept as what was said:`,
    lines: body.split('\n').slice(0, 12),
    fields: [
      {
        kind: 'text',
        name: 'where',
        label: 'Where was it posted?',
        placeholder: '#incidents, mail to the customers …',
        initial: lastWhere,
      },
    ],
    confirm: 'Mark as sent',
    submit: ({ where = '' }) => moves.markSent(where.trim(), body),
  };
}
