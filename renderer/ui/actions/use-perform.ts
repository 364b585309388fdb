import type { Action } from './action.js';
import { useActionRegistry } from './actions-context.js';

/** For a control with its own place: it acts like a button of the bar, and says there what went wrong. */
export function usePerform(): (action: Pick<Action, 'id' | 'label' | 'run'>) => void {
  const registry = useActionRegistry();
  return (action) => {
    void registry.getState().perform({ key: null, tone: 'quiet', ...action });
  };
}
