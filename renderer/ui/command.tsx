import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import classes from './command.module.css';
import { KeyHint } from './key-hint.js';

const SAID_MS = 1_500;

/** Commands exactly as they will run, to be read and copied. */
export function Command({
  lines,
  copyKey,
  onCopy,
}: {
  readonly lines: readonly string[];
  /** The key that copies, where the screen binds one. */
  readonly copyKey?: string;
  readonly onCopy: (text: string) => Promise<void>;
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
    <div className={classes['command']}>
      <code>{lines.join('\n')}</code>
      <button
        type="button"
        className={classes['copy']}
        onMouseDown={(event) => {
          event.preventDefault();
        }}
        onClick={() => {
          void onCopy(lines.join('\n')).then(() => {
            setIsCopied(true);
          });
        }}
      >
        {isCopied ? 'copied' : 'copy'}
        {copyKey === undefined ? null : <KeyHint name={copyKey} />}
      </button>
    </div>
  );
}
