import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import classes from './copy-button.module.css';

const SAID_MS = 1_500;

/** Copies a short text and says that it did. Its width does not change. */
export function CopyButton({
  label,
  onCopy,
}: {
  /** For readers of the screen aloud: what is copied. */
  readonly label: string;
  readonly onCopy: () => Promise<void>;
}): ReactNode {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) {
      return undefined;
    }
    const timer = setTimeout(() => {
      setIsCopied(false);
    }, SAID_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [isCopied]);
  return (
    <button
      type="button"
      className={classes['copy']}
      aria-label={label}
      onClick={() => {
        void onCopy().then(() => {
          setIsCopied(true);
        });
      }}
    >
      {isCopied ? 'copied' : 'copy'}
    </button>
  );
}
