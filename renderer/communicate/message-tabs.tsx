import type { KeyboardEvent, ReactNode } from 'react';
import type { MessageTemplate } from '../../shared/runbook/schema.js';
import { StatusWord } from '../ui/status-word.js';
import type { DueWord } from './message-view.js';
import classes from './message-tabs.module.css';
import { neighbourTab } from './neighbour-tab.js';

export type MessageTab = { readonly template: MessageTemplate; readonly due: DueWord };

export function tabId(messageId: string): string {
  return `message-tab-${messageId}`;
}

export const MESSAGE_PANEL = 'message-panel';

/** One tab for each message: for whom, when, and how it stands. */
export function MessageTabs({
  tabs,
  shownId,
  onShow,
}: {
  readonly tabs: readonly MessageTab[];
  readonly shownId: string;
  readonly onShow: (messageId: string) => void;
}): ReactNode {
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const ids = tabs.map(({ template }) => template.id);
      const next = neighbourTab(ids, shownId, step);
      onShow(next);
      document.getElementById(tabId(next))?.focus();
    }
  };
  return (
    <div className={classes['tabs']} role="tablist" aria-label="Messages" onKeyDown={onKeyDown}>
      {tabs.map(({ template, due }) => (
        <button
          key={template.id}
          id={tabId(template.id)}
          type="button"
          role="tab"
          className={classes['tab']}
          aria-selected={template.id === shownId}
          aria-controls={MESSAGE_PANEL}
          tabIndex={template.id === shownId ? 0 : -1}
          // The mouse must not take the focus: Enter belongs to the next action.
          onMouseDown={(event) => {
            event.preventDefault();
          }}
          onClick={() => {
            onShow(template.id);
          }}
        >
          <b>
            {template.title}
            <StatusWord tone={due.tone}>{due.word}</StatusWord>
          </b>
          <small>
            {template.audience} · {template.moment === 'start' ? 'at the start' : 'at the end'}
          </small>
        </button>
      ))}
    </div>
  );
}
