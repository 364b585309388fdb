import { AppError } from '../../shared/errors/app-error.js';
import type { RunEvent } from '../../shared/run/events.js';
import type { RunState } from '../../shared/run/state.js';

/** What a run is taken up with. Asked twice: once to see whether it may be, once under the lock. */
export type FirstWords = (state: RunState) => readonly RunEvent[];

/** A run that is elsewhere is not continued like one that was left: it has to be taken back. */
export function resumedBy({
  operator,
  appVersion,
}: {
  readonly operator: () => string;
  readonly appVersion: string;
}): FirstWords {
  return ({ handedOver }) => {
    if (handedOver !== null) {
      const message = `The run was handed over to ${handedOver.to}. Take it back to go on here.`;
      throw new AppError('RUN_COMMAND_REFUSED', message);
    }
    return [{ type: 'run.resumed', operator: operator(), appVersion }];
  };
}
