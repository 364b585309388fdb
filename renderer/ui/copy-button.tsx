import type { ReactNode } from 'react';
import classes from './copy-button.module.css';
import { useCopied } from './use-copied.js';

/** Copies a short text and says that it did. Its width does not change. */
export function CopyButton({
  label,
  onCopy,
}: {
  /** For readers of the screen aloud: what is copied. */
  readonly label: string;
  readonly onCopy: () => Promise<void>;
}): ReactNode {
  const { said, copy } = useCopied();
  return (
    <button
      type="button"
      className={classes['copy']}
      aria-label={label}
      onClick={() => {
        copy(onCopy());
      }}
    >
      {said ?? 'copy'}
    </button>
  );
}
