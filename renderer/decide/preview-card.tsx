import type { ReactNode } from 'react';
import type { PreviewItem, Target } from '../../shared/plan/target.js';
import type { Answer } from '../stores/answer-store.js';
import { valueOf } from '../stores/answer-store.js';
import { Card } from '../ui/card.js';
import { EmptyState } from '../ui/empty-state.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { KeyHint } from '../ui/key-hint.js';
import { Waiting } from '../ui/waiting.js';
import { PreviewList } from './preview-list.js';

/** Whether the chosen version can still be gone back to. */
export function PreviewCard({
  target,
  preview,
}: {
  readonly target: Target | null;
  readonly preview: Answer<readonly PreviewItem[]>;
}): ReactNode {
  if (target === null) {
    return (
      <Card title="Can I still go back?">
        <EmptyState title="No version is chosen yet">
          Choose one above: what it needs is then looked at, and nothing is changed.
        </EmptyState>
      </Card>
    );
  }
  const items = valueOf(preview);
  return (
    <Card
      title={`Can I still go back to ${target.version}?`}
      aside={
        <>
          {preview.status === 'asking' ? 'checking… · ' : null}
          <KeyHint name="R" /> check again
        </>
      }
    >
      {preview.status === 'failed' ? (
        <ErrorNotice label={`Check ${target.version}`} error={preview.error} />
      ) : null}
      {items === null ? null : <PreviewList items={items} />}
      {items === null && preview.status !== 'failed' ? (
        <Waiting>{`Looking at what ${target.version} needs`}</Waiting>
      ) : null}
    </Card>
  );
}
