import type { Foresight } from '../../../shared/plan/foresight.js';
import type { StepId } from '../../../shared/plan/planned-step.js';
import type { RunCommand } from '../../../shared/run/commands.js';
import { refusalOf } from '../../../shared/run/rules.js';
import type { Stage } from '../../../shared/run/select.js';
import type { RunState } from '../../../shared/run/state.js';
import type { DialogSpec } from '../actions/dialog-spec.js';

/** What the builders of step actions work with; a screen hands it in. */
export type StepDesk = {
  readonly run: RunState;
  readonly send: (command: RunCommand) => Promise<void>;
  readonly look: (stepId: StepId) => Promise<void>;
  /** What approving the unit would make different, looked at now. */
  readonly foresee: (unit: string) => Promise<readonly Foresight[]>;
  /** The unit whose difference is being looked at and is not known yet; null where nothing is. */
  readonly looking: string | null;
  /** What taking back the step, or all (null), would lose as things are now. */
  readonly foreseeUndo: (stepId: StepId | null) => Promise<readonly string[]>;
  readonly ask: (dialog: DialogSpec) => void;
  readonly copy: (text: string) => Promise<void>;
  readonly openStage: (stage: Stage) => void;
};

/** Whether the operator could send this now, were the words filled in. */
export function isLegal(run: RunState, command: RunCommand): boolean {
  return refusalOf(run, command) === null;
}
