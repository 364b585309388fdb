import type { ReactNode } from 'react';
import type { RunSummary } from '../../shared/ipc/views.js';
import { formatDateTime } from '../text/format.js';
import { DataTable } from '../ui/data-table.js';
import { EmptyState } from '../ui/empty-state.js';
import { StatusWord } from '../ui/status-word.js';
import type { HomeItem } from './home-items.js';
import classes from './home.module.css';
import { outcomeWords, secondsOrDash } from './readiness.js';

type RecentItem = Extract<HomeItem, { kind: 'recent' }>;

/** Finished runs with the figures their journals give. */
export function RecentRuns({
  items,
  pickedKey,
  onPick,
  onOpen,
}: {
  readonly items: readonly RecentItem[];
  readonly pickedKey: string | undefined;
  readonly onPick: (key: string) => void;
  readonly onOpen: (run: RunSummary) => void;
}): ReactNode {
  if (items.length === 0) {
    return (
      <EmptyState title="No finished runs yet.">
        The first drill takes about ten minutes and needs nothing but this window.
      </EmptyState>
    );
  }
  return (
    <DataTable
      label="Recent runs"
      headings={[
        { text: 'Begun' },
        { text: 'Kind' },
        { text: 'Service' },
        { text: 'Versions' },
        { text: 'Ended' },
        { text: 'Rollback', align: 'right' },
        { text: 'Down', align: 'right' },
        { text: 'Unhealthy', align: 'right' },
      ]}
    >
      <tbody>
        {items.map(({ key, run }) => (
          <RecentRow
            key={key}
            run={run}
            isPicked={key === pickedKey}
            onPick={() => {
              onPick(key);
            }}
            onOpen={() => {
              onOpen(run);
            }}
          />
        ))}
      </tbody>
    </DataTable>
  );
}

function RecentRow({
  run,
  isPicked,
  onPick,
  onOpen,
}: {
  readonly run: RunSummary;
  readonly isPicked: boolean;
  readonly onPick: () => void;
  readonly onOpen: () => void;
}): ReactNode {
  const { text, tone } = outcomeWords(run.outcome);
  return (
    <tr
      className={classes['row']}
      aria-current={isPicked}
      tabIndex={0}
      onFocus={onPick}
      onMouseDown={onPick}
      onDoubleClick={onOpen}
    >
      <td>{formatDateTime(run.startedAt)}</td>
      <td>{run.kind}</td>
      <td>
        {run.service} <span className={classes['dim']}>on {run.environment}</span>
      </td>
      <td className={classes['mono']}>
        {run.fromVersion ?? '?'} → {run.toVersion ?? '?'}
      </td>
      <td>
        {run.problem === null ? (
          <StatusWord tone={tone}>{text}</StatusWord>
        ) : (
          <span title={run.problem}>
            <StatusWord tone="bad" sign="wrong">
              journal broken
            </StatusWord>
          </span>
        )}
      </td>
      <td data-align="right">{secondsOrDash(run.rollbackSeconds)}</td>
      <td data-align="right">{secondsOrDash(run.downtimeSeconds)}</td>
      <td data-align="right">{secondsOrDash(run.unhealthySeconds)}</td>
    </tr>
  );
}
