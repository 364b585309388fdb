import type { StageActions, Action } from '../ui/actions/action.js';
import type { Target } from '../../shared/plan/target.js';

export type DecideMoves = {
  readonly order: () => void;
  readonly fixForward: () => void;
  readonly measure: () => Promise<void>;
  readonly lookAgain: () => Promise<void>;
  /** Null where the runbook and the environment name no registry. */
  readonly askRegistry: (() => void) | null;
  readonly previewAgain: () => Promise<void>;
  readonly focusTargets: () => void;
  readonly focusEvidence: () => void;
  readonly focusCriteria: () => void;
};

/** What can be done while nothing has been ordered. */
export function decidingActions(
  chosen: Target | null,
  isLooking: boolean,
  moves: DecideMoves,
): StageActions {
  return {
    primary: {
      id: 'order',
      label: chosen === null ? 'Order the rollback' : `Order the rollback to ${chosen.version}`,
      key: 'Enter',
      tone: 'primary',
      refusal: chosen === null ? whyNoTarget(isLooking) : null,
      run: moves.order,
    },
    others: [
      {
        id: 'fix-forward',
        label: 'Fix forward instead…',
        key: 'F',
        tone: 'normal',
        detail: 'Closes this run with a reason. Nothing is rolled back.',
        run: moves.fixForward,
      },
      measureAction(moves),
      ...placedActions(moves),
    ],
    then: 'starts the rollback clock',
  };
}

function whyNoTarget(isLooking: boolean): string {
  return isLooking
    ? 'The versions to go back to are still being looked for.'
    : 'Choose a version to go back to first.';
}

const placed = { tone: 'quiet', isInBar: false } as const;

/** The evidence can be completed as long as the run is open: messages and the report draw on it. */
export function evidenceActions(
  moves: Pick<DecideMoves, 'focusEvidence' | 'focusCriteria' | 'measure'>,
): readonly Action[] {
  return [
    { id: 'evidence', label: 'Go to the evidence', key: 'E', ...placed, run: moves.focusEvidence },
    { id: 'criteria', label: 'Go to the criteria', key: 'C', ...placed, run: moves.focusCriteria },
    { ...measureAction(moves), isInBar: false },
  ];
}

function measureAction({ measure }: Pick<DecideMoves, 'measure'>): Action {
  return {
    id: 'measure',
    label: 'Measure now',
    key: 'M',
    tone: 'quiet',
    detail: 'Reads the probe, the restarts and the log. Changes nothing on the target.',
    run: measure,
  };
}

/** Those that have their own place on the screen. */
function placedActions(moves: DecideMoves): readonly Action[] {
  return [
    ...evidenceActions(moves).filter(({ id }) => id !== 'measure'),
    { id: 'targets', label: 'Go to the versions', key: 'T', ...placed, run: moves.focusTargets },
    { id: 'look', label: 'Look for versions again', key: 'L', ...placed, run: moves.lookAgain },
    ...(moves.askRegistry === null
      ? []
      : [
          {
            id: 'registry',
            label: 'Ask the registry for versions…',
            key: 'G',
            ...placed,
            detail: 'For what the engine does not have. Says first where your login goes.',
            run: moves.askRegistry,
          },
        ]),
    {
      id: 'preview',
      label: 'Check again whether you can go back',
      key: 'R',
      ...placed,
      run: moves.previewAgain,
    },
  ];
}
