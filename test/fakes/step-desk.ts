import type { DialogSpec } from '../../renderer/ui/actions/dialog-spec.js';
import type { StepDesk } from '../../renderer/ui/step/step-desk.js';
import type { StageActions } from '../../renderer/ui/actions/action.js';
import { stepActions } from '../../renderer/ui/step/step-actions.js';
import type { PlannedStep } from '../../shared/plan/planned-step.js';
import type { RunCommand } from '../../shared/run/commands.js';
import type { RunEvent } from '../../shared/run/events.js';
import { foldEvents, readyToExecute, steps } from './sample-run.js';

export type DeskSeen = {
  readonly actions: StageActions;
  /** Everything on offer, the primary action first. */
  readonly ids: readonly string[];
  readonly sent: readonly RunCommand[];
  readonly asked: readonly DialogSpec[];
  readonly opened: readonly string[];
};

/** What Execute offers after these events, and what pressing it sends, asks and opens. */
export function deskAfter(
  events: readonly RunEvent[],
  plan: readonly PlannedStep[] = steps,
  looks: Partial<Pick<StepDesk, 'foresee' | 'foreseeUndo' | 'looking'>> = {},
): DeskSeen {
  const sent: RunCommand[] = [];
  const asked: DialogSpec[] = [];
  const opened: string[] = [];
  const desk: StepDesk = {
    run: foldEvents([...readyToExecute(plan), ...events]),
    send: (command: RunCommand) => {
      sent.push(command);
      return Promise.resolve();
    },
    look: () => Promise.resolve(),
    foresee: () => Promise.resolve([]),
    looking: null,
    foreseeUndo: () => Promise.resolve([]),
    ...looks,
    ask: (dialog: DialogSpec) => {
      asked.push(dialog);
    },
    copy: () => Promise.resolve(),
    openStage: (stage: string) => {
      opened.push(stage);
    },
  };
  const actions = stepActions(desk, 'execute');
  const ids = [actions.primary, ...actions.others].flatMap((action) => action?.id ?? []);
  return { actions, ids, sent, asked, opened };
}
