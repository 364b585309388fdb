import type { ReactNode } from 'react';
import { Card } from '../ui/card.js';
import { EmptyState } from '../ui/empty-state.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { KeyHint } from '../ui/key-hint.js';
import { Age } from '../ui/age.js';
import { Waiting } from '../ui/waiting.js';
import type { TargetSource } from '../../shared/runbook/targets-schema.js';
import { TargetTable } from './target-table.js';
import { targetWords } from './target-words.js';
import type { TargetWords } from './target-words.js';
import type { TargetSearch } from './use-target-search.js';

/** The versions that really exist where they would be started: looking, found, none, or not to be seen. */
export function TargetsCard({
  search,
  service,
  source,
  hasRegistry,
}: {
  readonly search: TargetSearch;
  readonly service: string;
  readonly source: TargetSource;
  readonly hasRegistry: boolean;
}): ReactNode {
  const { found, targets, chosen, suggestion, choose } = search;
  const words = targetWords(source);
  return (
    <Card title="Go back to" aside={<LookedAt found={found} hasRegistry={hasRegistry} />}>
      {found.status === 'failed' ? (
        <ErrorNotice label="Look for versions" error={found.error} />
      ) : null}
      {targets.length > 0 ? (
        <TargetTable
          targets={targets}
          words={words}
          chosenId={chosen?.id ?? null}
          suggestion={suggestion}
          onChoose={choose}
        />
      ) : (
        <Nothing status={found.status} service={service} words={words} />
      )}
      {targets.length > 0 && targets.every(({ isServing }) => isServing) ? (
        <EmptyState title="There is nothing to go back to">
          Only the version that serves now was found {words.where}. {words.makeOne}
        </EmptyState>
      ) : null}
    </Card>
  );
}

function Nothing({
  status,
  service,
  words,
}: {
  readonly status: TargetSearch['found']['status'];
  readonly service: string;
  readonly words: TargetWords;
}): ReactNode {
  switch (status) {
    case 'unasked':
    case 'asking':
      return <Waiting>{`Looking ${words.where} for versions of ${service}`}</Waiting>;
    case 'failed':
      return null;
    case 'ready':
      return (
        <EmptyState title={`No version of ${service} was found ${words.where}`}>
          {words.makeOne}
        </EmptyState>
      );
  }
}

function LookedAt({
  found,
  hasRegistry,
}: {
  readonly found: TargetSearch['found'];
  readonly hasRegistry: boolean;
}): ReactNode {
  return (
    <>
      {found.status === 'ready' ? (
        <>
          looked <Age at={found.value.at} /> ·{' '}
        </>
      ) : null}
      {found.status === 'asking' ? 'looking… · ' : null}
      <KeyHint name="T" /> choose · <KeyHint name="L" /> look again
      {hasRegistry ? (
        <>
          {' '}
          · <KeyHint name="G" /> ask the registry
        </>
      ) : null}
    </>
  );
}
