import type { Light } from '../../shared/ipc/views.js';

/** What stands beside a light: its name alone where all is well. */
export function lightText({ name, state, text, lockedBy }: Light): string {
  if (lockedBy !== undefined) {
    return `${name} locked by ${lockedBy}`;
  }
  return state === 'ok' ? name : `${name} ${text}`;
}

export function lightState({ state, lockedBy }: Light): Light['state'] {
  return lockedBy === undefined ? state : 'bad';
}

/** All that is known of a connection, for whoever points at it. */
export function lightTitle({ text, uses = [] }: Light): string {
  return [text, ...uses].join('\n');
}
