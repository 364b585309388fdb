import { Loader } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Moment } from '../../../shared/run/state.js';
import { DurationClock } from '../duration-clock.js';
import { ErrorNotice } from '../error-notice.js';
import classes from './action-bar.module.css';
import { ActionButton } from './action-button.js';
import { useActionRegistry, useActions } from './actions-context.js';
import { stageActionsOf } from './registry.js';
import { useOneRow } from './use-one-row.js';

/** The frame's list of everything, which also has what finds no room here. */
export const ALL_ACTIONS = 'palette';

/** Never scrolls away: what can be done now, the one next thing first, and what went wrong just above it. */
export function ActionBar(): ReactNode {
  const { primary, others, running, then } = useActions(stageActionsOf);
  const all = useActions(({ frame }) => frame.find(({ id }) => id === ALL_ACTIONS));
  const { row, left } = useOneRow();
  return (
    <div className={classes['place']}>
      <Notices />
      <div className={classes['bar']} role="toolbar" aria-label="Actions">
        <div className={classes['row']} ref={row}>
          {primary === null ? null : <ActionButton action={primary} />}
          {primary === null && running !== undefined && running !== null ? (
            <Running label={running.label} since={running.since} />
          ) : null}
          {others
            .filter(({ isInBar }) => isInBar !== false)
            .map((action) => (
              <ActionButton key={action.id} action={action} />
            ))}
          {then === undefined ? null : (
            <span className={classes['then']} title={then}>
              {then}
            </span>
          )}
        </div>
        {left === 0 || all === undefined ? null : (
          // The line below has its key; here it would take the room of another button.
          <ActionButton action={{ ...all, label: `${left} more…`, key: null }} />
        )}
      </div>
    </div>
  );
}

function Running({
  label,
  since,
}: {
  readonly label: string;
  readonly since: Moment | null;
}): ReactNode {
  return (
    <span className={classes['running']} role="status">
      <Loader size={14} aria-hidden />
      <span>{label}</span>
      {since === null ? null : (
        <span className={classes['since']}>
          <DurationClock from={since} to={null} />
        </span>
      )}
    </span>
  );
}

function Notices(): ReactNode {
  const registry = useActionRegistry();
  const failure = useActions((state) => state.failure);
  const refusal = useActions((state) => state.refusal);
  return (
    <>
      {failure === null ? null : (
        <div className={classes['notice']}>
          <ErrorNotice
            label={failure.label}
            error={failure.error}
            onDismiss={registry.getState().dismiss}
          />
        </div>
      )}
      {refusal === null ? null : (
        <div className={classes['refusal']} role="status">
          {refusal}
        </div>
      )}
    </>
  );
}
