import type { ReactNode } from 'react';
import type { ErrorJson } from '../../shared/errors/app-error.js';
import { ErrorNotice } from './error-notice.js';
import classes from './unrecorded-notice.module.css';

/** Said while what was entered is not in the journal, with the way to try again. Nothing entered is lost meanwhile. */
export function UnrecordedNotice({
  label,
  draft,
}: {
  readonly label: string;
  readonly draft: { readonly failure: ErrorJson | null; readonly retry: () => Promise<void> };
}): ReactNode {
  return draft.failure === null ? null : (
    <div className={classes['notice']}>
      <ErrorNotice label={label} error={draft.failure} />
      <button
        type="button"
        onClick={() => {
          void draft.retry();
        }}
      >
        Record it again
      </button>
    </div>
  );
}
