import { useState } from 'react';
import { messagesDue } from '../../shared/messages/due.js';
import type { FilledMessage } from '../../shared/messages/fill.js';
import { renderHtml, renderPlain, renderSlack } from '../../shared/messages/render.js';
import type { MessageTemplate } from '../../shared/runbook/schema.js';
import { currentStage } from '../../shared/run/select.js';
import type { RunState } from '../../shared/run/state.js';
import { useClient, useNavigation, useStores } from '../stores/stores.js';
import { useSend } from '../stores/use-run.js';
import type { StageActions } from '../ui/actions/action.js';
import { useAsk } from '../ui/actions/actions-context.js';
import { goOnAction } from '../ui/go-on.js';
import { communicateActions } from './communicate-actions.js';
import { MESSAGE_EDITOR } from './message-editor.js';
import { firstMessage, messageNow, ownWords, unknownSentence } from './message-view.js';

export type Communicate = {
  readonly template: MessageTemplate | undefined;
  readonly show: (messageId: string) => void;
  readonly isEditing: boolean;
  /** What copying just did, or what it still needs. */
  readonly said: string | null;
  readonly actions: StageActions | null;
};

/** Which copy waits for its second press, and which was done; both are about one message only. */
type Copying = {
  readonly messageId: string;
  readonly kind: 'plain' | 'slack';
  readonly stage: 'asked' | 'copied';
  readonly said: string;
};

export function useCommunicate(run: RunState): Communicate {
  const client = useClient();
  const stores = useStores();
  const now = stores.run.getState().nowMoment;
  const send = useSend();
  const ask = useAsk();
  const { openStage } = useNavigation();
  const templates = run.started?.runbook.messages.templates ?? [];
  const [shownId, setShownId] = useState<string | null>(() =>
    firstMessage(run, messagesDue(run, now())),
  );
  const [editingId, setEditingId] = useState<string | null>(null);
  const [copying, setCopying] = useState<Copying | null>(null);
  const template = templates.find(({ id }) => id === shownId) ?? templates[0];
  if (template === undefined) {
    return {
      template,
      show: setShownId,
      isEditing: false,
      said: null,
      actions: null,
    };
  }
  const messageId = template.id;
  const filled = (): FilledMessage => messageNow(run, template, now());
  const mine = copying?.messageId === messageId ? copying : null;
  const isEditing = editingId === messageId;

  const copy = async (kind: Copying['kind']): Promise<void> => {
    const message = filled();
    const isAsked = mine?.kind === kind && mine.stage === 'asked';
    if (message.unknown.length > 0 && !isAsked) {
      const said = unknownSentence(message, kind === 'plain' ? 'C' : 'L');
      setCopying({ messageId, kind, stage: 'asked', said });
      return;
    }
    await client.request('clipboard.copy', {
      text: kind === 'plain' ? renderPlain(message) : renderSlack(message),
      html: kind === 'plain' ? renderHtml(message) : null,
    });
    const said =
      kind === 'plain'
        ? 'Copied. Post it, then mark it as sent.'
        : 'Copied for Slack. Post it, then mark it as sent.';
    setCopying({ messageId, kind, stage: 'copied', said });
  };
  const show = (id: string): void => {
    setShownId(id);
    setCopying(null);
    setEditingId(null);
  };
  const actions = communicateActions(
    {
      template,
      isEditing,
      hasOwnWords: ownWords(run, messageId) !== '',
      lastWhere: run.messages[messageId]?.sent.at(-1)?.where ?? '',
      goOn:
        messagesDue(run, now()).due.length === 0
          ? goOnAction(currentStage(run), 'communicate', openStage)
          : null,
      isCopied: mine?.stage === 'copied',
      isAsked: mine?.stage === 'asked' && mine.kind === 'plain',
      filled,
    },
    {
      ask,
      copyPlain: () => copy('plain'),
      copySlack: () => copy('slack'),
      edit: () => {
        setEditingId(isEditing ? null : messageId);
        setTimeout(() => document.getElementById(MESSAGE_EDITOR)?.focus());
      },
      reset: async () => {
        await send({ type: 'edit-message', messageId, body: '' });
        setEditingId(null);
      },
      markSent: async (where, body) => {
        await send({ type: 'mark-sent', messageId, where, body });
        const { view } = stores.run.getState();
        const [next] = view.status === 'open' ? messagesDue(view.run, now()).due : [];
        show(next ?? messageId);
      },
      next: () => {
        const index = templates.indexOf(template);
        show(templates[(index + 1) % templates.length]?.id ?? messageId);
      },
    },
  );
  return {
    template,
    show,
    isEditing,
    said: mine?.said ?? null,
    actions,
  };
}
