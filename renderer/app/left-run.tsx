import { IconPlayerPlay } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { RunState } from '../../shared/run/state.js';
import type { OpenRun } from '../stores/run-store.js';
import { useNavigation, useStores } from '../stores/stores.js';
import { formatDateTime } from '../text/format.js';
import type { StageActions } from '../ui/actions/action.js';
import { Age } from '../ui/age.js';
import classes from './left-run.module.css';

/** A run that another console left behind is only read until the operator says otherwise. */
export function LeftRunBanner({ run }: { readonly run: RunState }): ReactNode {
  const lastAt = run.lastAt?.at ?? run.started?.at.at;
  const open = run.steps.filter(({ status }) => status === 'unknown');
  return (
    <div className={classes['banner']} role="status">
      <b>
        This run was left
        {lastAt === undefined ? '' : ` at ${formatDateTime(lastAt)}`}
      </b>
      {lastAt === undefined ? null : (
        <span>
          {' '}
          (<Age at={lastAt} />)
        </span>
      )}
      . Nothing has been done since.
      {open.map(({ plan }) => (
        <span key={plan.id}>
          {' '}
          “{plan.title}” was under way: it is unknown until the console has looked.
        </span>
      ))}
    </div>
  );
}

export function useContinueActions(view: OpenRun): StageActions {
  const stores = useStores();
  const { goHome } = useNavigation();
  return {
    primary: {
      id: 'continue-run',
      label: 'Continue this run',
      key: 'Enter',
      tone: 'primary',
      icon: IconPlayerPlay,
      detail: 'Takes the run up again. Looks first, changes nothing.',
      run: () => stores.run.getState().resume(),
    },
    others: [{ id: 'leave-run', label: 'Back to Home', key: 'Escape', tone: 'quiet', run: goHome }],
    then:
      view.run.phase === 'executing' || view.run.phase === 'rolling-forward'
        ? 'connects and looks; starts no step by itself'
        : 'connects and measures; changes nothing',
  };
}
