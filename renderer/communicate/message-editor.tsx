import type { ReactNode } from 'react';
import { plainText } from '../../shared/messages/fill.js';
import type { MessageTemplate } from '../../shared/runbook/schema.js';
import type { RunState } from '../../shared/run/state.js';
import { useStores } from '../stores/stores.js';
import { useRunDraft } from '../stores/use-run.js';
import { KeptText } from '../ui/kept-text.js';
import { UnrecordedNotice } from '../ui/unrecorded-notice.js';
import { messageNow, ownWords } from './message-view.js';

export const MESSAGE_EDITOR = 'message-editor';

/** The text in the operator's own words, from the filled template on. Kept with the run. */
export function MessageEditor({
  run,
  template,
}: {
  readonly run: RunState;
  readonly template: MessageTemplate;
}): ReactNode {
  const { nowMoment } = useStores().run.getState();
  const messageId = template.id;
  const draft = useRunDraft(
    (state) => ({ body: ownWords(state, messageId) }),
    ({ body }) => ({ type: 'edit-message', messageId, body }),
  );
  const { body } = draft.shown;
  return (
    <>
      <UnrecordedNotice label="Keep the text" draft={draft} />
      <KeptText
        id={MESSAGE_EDITOR}
        label={`${template.title}, in your own words`}
        description="Facts are no longer filled in while you edit. Esc leaves the text and keeps it."
        value={body === '' ? plainText(messageNow(run, template, nowMoment()).body) : body}
        rows={10}
        maxLength={20_000}
        isMonospaced
        onKeep={(text) => {
          void draft.change({ body: text.trim() });
        }}
      />
    </>
  );
}
