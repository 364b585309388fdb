import type { ComponentType } from 'react';
import type { RunScreenProps } from './run-screen.js';

/** In the form that `lazy` takes. */
export async function loadRunScreen(): Promise<{
  readonly default: ComponentType<RunScreenProps>;
}> {
  const { RunScreen } = await import('./run-screen.js');
  return { default: RunScreen };
}
