import type { ReactNode } from 'react';
import { keyLabel } from './actions/keys.js';
import classes from './key-hint.module.css';

const isMac = /mac/i.test(navigator.userAgent);

/** A key as it is printed on the keyboard. */
export function KeyHint({ name }: { readonly name: string }): ReactNode {
  return <kbd className={classes['key']}>{keyLabel(name, isMac)}</kbd>;
}
