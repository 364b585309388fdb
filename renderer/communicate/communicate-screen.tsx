import type { ReactNode } from 'react';
import { messagesDue } from '../../shared/messages/due.js';
import type { MessageTemplate } from '../../shared/runbook/schema.js';
import type { RunState } from '../../shared/run/state.js';
import { useRun } from '../stores/use-run.js';
import { useStageActions } from '../ui/actions/actions-context.js';
import { Card, ScreenTitle } from '../ui/card.js';
import { EmptyState } from '../ui/empty-state.js';
import { KeyHint } from '../ui/key-hint.js';
import { useNow } from '../ui/now.js';
import { StageLayout } from '../ui/stage-layout.js';
import { MessageEditor } from './message-editor.js';
import { MESSAGE_PANEL, MessageTabs, tabId } from './message-tabs.js';
import { MessageText } from './message-text.js';
import classes from './message-text.module.css';
import { dueSentence, dueWord, messageNow } from './message-view.js';
import { SentHistory } from './sent-history.js';
import { useCommunicate, useShownMessage } from './use-communicate.js';

/** Stage 5, open at any time: what to tell whom, in words that are true now. */
export function CommunicateScreen(): ReactNode {
  const run = useRun();
  const { template, show } = useShownMessage(run);
  return template === undefined ? (
    <StageLayout>
      <ScreenTitle eyebrow={<b>Communicate</b>}>Nothing to tell</ScreenTitle>
      <EmptyState title="The runbook has no messages">Add templates to it.</EmptyState>
    </StageLayout>
  ) : (
    <MessageStage run={run} template={template} show={show} />
  );
}

function MessageStage({
  run,
  template,
  show,
}: {
  readonly run: RunState;
  readonly template: MessageTemplate;
  readonly show: (messageId: string) => void;
}): ReactNode {
  const { isEditing, said, actions } = useCommunicate(run, template, show);
  useStageActions(actions);
  return (
    <StageLayout>
      <ScreenTitle eyebrow={<b>Communicate</b>}>Tell people what is true now</ScreenTitle>
      <LiveTabs run={run} shownId={template.id} onShow={show} />
      <div id={MESSAGE_PANEL} role="tabpanel" aria-labelledby={tabId(template.id)}>
        <Card
          title={`To: ${template.audience}`}
          aside={
            <>
              <DueNow run={run} /> · <KeyHint name="ArrowRight" /> next message
            </>
          }
        >
          {isEditing ? (
            <MessageEditor key={template.id} run={run} template={template} />
          ) : (
            <LiveText run={run} template={template} />
          )}
          <div className={classes['state']} role="status">
            {said}
          </div>
        </Card>
      </div>
      <SentHistory run={run} />
    </StageLayout>
  );
}

/** The facts go on changing while the operator reads: clocks, states, the next update. */
function LiveText({
  run,
  template,
}: {
  readonly run: RunState;
  readonly template: MessageTemplate;
}): ReactNode {
  return <MessageText message={messageNow(run, template, useNow())} />;
}

function LiveTabs({
  run,
  shownId,
  onShow,
}: {
  readonly run: RunState;
  readonly shownId: string;
  readonly onShow: (messageId: string) => void;
}): ReactNode {
  const due = messagesDue(run, useNow());
  const templates = run.started?.runbook.messages.templates ?? [];
  const tabs = templates.map((template) => ({
    template,
    due: dueWord(template, run.messages[template.id], due),
  }));
  return <MessageTabs tabs={tabs} shownId={shownId} onShow={onShow} />;
}

function DueNow({ run }: { readonly run: RunState }): ReactNode {
  return dueSentence(messagesDue(run, useNow()));
}
