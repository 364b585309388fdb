import { useState } from 'react';
import type { FilledMessage } from '../../shared/messages/fill.js';
import { renderHtml, renderPlain, renderSlack } from '../../shared/messages/render.js';
import { useClient } from '../stores/stores.js';
import { unknownSentence } from './message-view.js';

export type Flavour = 'plain' | 'slack';

export type Copying = {
  readonly copy: (flavour: Flavour) => Promise<void>;
  /** Which copy waits for its second press, because facts are unknown. */
  readonly asked: Flavour | null;
  readonly isCopied: boolean;
  /** What copying just did, or what it still needs. */
  readonly said: string | null;
  readonly forget: () => void;
};

type Progress = {
  readonly messageId: string;
  readonly flavour: Flavour;
  readonly stage: 'asked' | 'copied';
  readonly said: string;
};

const keys = { plain: 'C', slack: 'L' } as const satisfies Record<Flavour, string>;
const copiedWords = {
  plain: 'Copied. Post it, then mark it as sent.',
  slack: 'Copied for Slack. Post it, then mark it as sent.',
} as const satisfies Record<Flavour, string>;

/** Copies one message; with unknown facts in it only on the second press of the same key. */
export function useCopying(messageId: string, filled: () => FilledMessage): Copying {
  const client = useClient();
  const [latest, setLatest] = useState<Progress | null>(null);
  const progress = latest?.messageId === messageId ? latest : null;
  const asked = progress?.stage === 'asked' ? progress.flavour : null;
  return {
    asked,
    isCopied: progress?.stage === 'copied',
    said: progress?.said ?? null,
    forget: () => {
      setLatest(null);
    },
    copy: async (flavour) => {
      const message = filled();
      if (message.unknown.length > 0 && asked !== flavour) {
        const said = unknownSentence(message, keys[flavour]);
        setLatest({ messageId, flavour, stage: 'asked', said });
        return;
      }
      await client.request('clipboard.copy', {
        text: flavour === 'plain' ? renderPlain(message) : renderSlack(message),
        html: flavour === 'plain' ? renderHtml(message) : null,
      });
      setLatest({ messageId, flavour, stage: 'copied', said: copiedWords[flavour] });
    },
  };
}
