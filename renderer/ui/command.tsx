import type { ReactNode } from 'react';
import classes from './command.module.css';
import { KeyHint } from './key-hint.js';
import { useCopied } from './use-copied.js';

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
  const { said, copy } = useCopied();
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
          copy(onCopy(lines.join('\n')));
        }}
      >
        {said ?? 'copy'}
        {copyKey === undefined ? null : <KeyHint name={copyKey} />}
      </button>
    </div>
  );
}
