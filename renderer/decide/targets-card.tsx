import type { ReactNode } from 'react';
import { Card } from '../ui/card.js';
import { EmptyState } from '../ui/empty-state.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { KeyHint } from '../ui/key-hint.js';
import { Age } from '../ui/age.js';
import { Waiting } from '../ui/waiting.js';
import { TargetTable } from './target-table.js';
import type { TargetSearch } from './use-target-search.js';

/** The versions that really exist on the engine: looking, found, none, or not to be seen. */
export function TargetsCard({
  search,
  repository,
}: {
  readonly search: TargetSearch;
  readonly repository: string;
}): ReactNode {
  const { found, targets, chosen, suggestion, choose } = search;
  return (
    <Card title="Go back to" aside={<LookedAt found={found} />}>
      {found.status === 'failed' ? (
        <ErrorNotice label="Look for versions" error={found.error} />
      ) : null}
      {targets.length > 0 ? (
        <TargetTable
          targets={targets}
          chosenId={chosen?.id ?? null}
          suggestion={suggestion}
          onChoose={choose}
        />
      ) : (
        <Nothing status={found.status} repository={repository} />
      )}
      {targets.length > 0 && targets.every(({ isServing }) => isServing) ? (
        <EmptyState title="There is nothing to go back to">
          Only the version that serves now is on the engine. Pull or build another one there, then
          look again.
        </EmptyState>
      ) : null}
    </Card>
  );
}

function Nothing({
  status,
  repository,
}: {
  readonly status: TargetSearch['found']['status'];
  readonly repository: string;
}): ReactNode {
  switch (status) {
    case 'unasked':
    case 'asking':
      return <Waiting>{`Looking on the engine for versions of ${repository}`}</Waiting>;
    case 'failed':
      return null;
    case 'ready':
      return (
        <EmptyState title={`No version of ${repository} was found on the engine`}>
          Pull or build the image to go back to there, then look again.
        </EmptyState>
      );
  }
}

function LookedAt({ found }: { readonly found: TargetSearch['found'] }): ReactNode {
  return (
    <>
      {found.status === 'ready' ? (
        <>
          looked <Age at={found.value.at} /> ·{' '}
        </>
      ) : null}
      {found.status === 'asking' ? 'looking… · ' : null}
      <KeyHint name="T" /> choose · <KeyHint name="L" /> look again
    </>
  );
}
