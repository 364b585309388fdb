import { useState } from 'react';
import { messagesDue } from '../../shared/messages/due.js';
import type { FilledMessage } from '../../shared/messages/fill.js';
import { currentStage } from '../../shared/run/select.js';
import type { RunState } from '../../shared/run/state.js';
import type { MessageTemplate } from '../../shared/runbook/schema.js';
import { useNavigation, useStores } from '../stores/stores.js';
import { useSend } from '../stores/use-run.js';
import type { StageActions } from '../ui/actions/action.js';
import { useAsk } from '../ui/actions/actions-context.js';
import { goOnAction } from '../ui/go-on.js';
import { communicateActions } from './communicate-actions.js';
import type { CommunicateMoves, Shown } from './communicate-actions.js';
import { MESSAGE_EDITOR } from './message-editor.js';
import { firstMessage, messageNow, ownWords } from './message-view.js';
import { useCopying } from './use-copying.js';

/** The message on the screen: what is due first, until the operator chooses. */
export function useShownMessage(run: RunState): {
  readonly template: MessageTemplate | undefined;
  readonly show: (messageId: string) => void;
} {
  const { nowMoment } = useStores().run.getState();
  const [shownId, show] = useState(() => firstMessage(run, messagesDue(run, nowMoment())));
  const templates = run.started?.runbook.messages.templates ?? [];
  return { template: templates.find(({ id }) => id === shownId) ?? templates[0], show };
}

export type Communicate = {
  readonly isEditing: boolean;
  readonly said: string | null;
  readonly actions: StageActions;
};

export function useCommunicate(
  run: RunState,
  template: MessageTemplate,
  show: (messageId: string) => void,
): Communicate {
  const { nowMoment } = useStores().run.getState();
  const ask = useAsk();
  const { openStage } = useNavigation();
  const [editingId, setEditingId] = useState<string | null>(null);
  const filled = (): FilledMessage => messageNow(run, template, nowMoment());
  const copying = useCopying(template.id, filled);
  const isEditing = editingId === template.id;
  const recording = useRecording(template, show);
  const isWaited = messagesDue(run, nowMoment()).due.length > 0;
  const shown: Shown = {
    template,
    isEditing,
    hasOwnWords: ownWords(run, template.id) !== '',
    lastWhere: run.messages[template.id]?.sent.at(-1)?.where ?? '',
    goOn: isWaited ? null : goOnAction(currentStage(run), 'communicate', openStage),
    isCopied: copying.isCopied,
    isAsked: copying.asked === 'plain',
    filled,
  };
  const moves: CommunicateMoves = {
    ask,
    copyPlain: () => copying.copy('plain'),
    copySlack: () => copying.copy('slack'),
    edit: () => {
      setEditingId(isEditing ? null : template.id);
      setTimeout(() => document.getElementById(MESSAGE_EDITOR)?.focus());
    },
    reset: async () => {
      await recording.reset();
      setEditingId(null);
    },
    markSent: async (where, body) => {
      await recording.markSent(where, body);
      copying.forget();
    },
    next: () => {
      show(followingId(run, template));
    },
  };
  return { isEditing, said: copying.said, actions: communicateActions(shown, moves) };
}

type Recording = {
  readonly reset: () => Promise<void>;
  readonly markSent: (where: string, body: string) => Promise<void>;
};

function useRecording(
  { id: messageId }: MessageTemplate,
  show: (messageId: string) => void,
): Recording {
  const stores = useStores();
  const send = useSend();
  return {
    reset: () => send({ type: 'edit-message', messageId, body: '' }),
    markSent: async (where, body) => {
      await send({ type: 'mark-sent', messageId, where, body });
      // The next one that people wait for comes up by itself.
      const { view, nowMoment } = stores.run.getState();
      const next = view.status === 'open' ? messagesDue(view.run, nowMoment()).due[0] : undefined;
      show(next ?? messageId);
    },
  };
}

function followingId(run: RunState, template: MessageTemplate): string {
  const templates = run.started?.runbook.messages.templates ?? [];
  const index = templates.findIndex(({ id }) => id === template.id);
  return templates[(index + 1) % templates.length]?.id ?? template.id;
}
