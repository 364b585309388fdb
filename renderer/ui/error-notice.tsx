import { CloseButton } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ErrorJson } from '../../shared/errors/app-error.js';
import { errorTexts, isErrorCode } from '../../shared/errors/error-texts.js';
import classes from './error-notice.module.css';

/** What went wrong, what did not happen, and what to do. Stays until it is dismissed. */
export function ErrorNotice({
  label,
  error,
  onDismiss,
}: {
  /** What was tried, in the words of its button. */
  readonly label?: string;
  readonly error: ErrorJson;
  readonly onDismiss?: () => void;
}): ReactNode {
  const text = isErrorCode(error.code) ? errorTexts[error.code] : errorTexts.INTERNAL;
  return (
    <div className={classes['notice']} role="alert">
      <div className={classes['text']}>
        <b>{label === undefined ? text.happened : `${label}: ${text.happened}`}</b>
        {error.message === text.happened ? null : <div>{error.message}</div>}
        <div className={classes['dim']}>
          {text.untouched} {text.todo} <code>{error.code}</code>
        </div>
      </div>
      {onDismiss === undefined ? null : (
        <CloseButton aria-label="Dismiss" size="sm" onClick={onDismiss} />
      )}
    </div>
  );
}
