import { AppError } from '../../shared/errors/app-error.js';
import type { RunId } from '../../shared/run/events.js';
import type { RunState } from '../../shared/run/state.js';
import type { Console } from '../console/create-console.js';

export type FoundRun = { readonly runId: RunId; readonly state: RunState };

/** By its id or the beginning of it. RUN_NOT_FOUND where none or several begin so; nothing is opened by finding. */
export async function findRun({ runs }: Console, named: string): Promise<FoundRun> {
  const ids = (await runs.list()).map(({ runId }) => runId);
  const fitting = ids.filter((runId) => runId.startsWith(named.toLowerCase()));
  const [runId, second] = fitting;
  if (runId === undefined) {
    throw new AppError('RUN_NOT_FOUND', `No run begins with “${named}”. See lastgood runs.`);
  }
  if (second !== undefined) {
    throw new AppError(
      'RUN_NOT_FOUND',
      `Several runs begin with “${named}”: ${fitting.join(', ')}. Write more of the one you mean.`,
    );
  }
  return { runId, state: (await runs.read(runId)).state };
}

/** RUN_COMMAND_REFUSED for a run that nobody can continue here. */
export function mustBeOpen({ closed, handedOver }: RunState): void {
  if (closed !== null) {
    throw new AppError('RUN_COMMAND_REFUSED', `The run is closed: ${closed.outcome}.`);
  }
  if (handedOver !== null) {
    throw new AppError('RUN_COMMAND_REFUSED', `The run was handed over to ${handedOver.to}.`);
  }
}
