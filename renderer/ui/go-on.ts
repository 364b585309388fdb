import type { Stage } from '../../shared/run/select.js';
import { stageTitles } from '../text/stage-titles.js';
import type { Action } from './actions/action.js';

/** The one next action of a stage that is behind the run, or open only for reading: go where the run is. */
export function goOnAction(
  to: Stage,
  here: Stage,
  openStage: (stage: Stage) => void,
): Action | null {
  return to === here
    ? null
    : {
        id: 'go-on',
        label: `Go on to ${stageTitles[to]}`,
        key: 'Enter',
        tone: 'primary',
        run: () => {
          openStage(to);
        },
      };
}
