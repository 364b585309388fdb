import { leavesNothing } from '../ui/step/step-words.js';
import type { PlannedStep, Risk } from '../../shared/plan/planned-step.js';
import { phaseBeginningAt, pointOfNoReturn, units } from '../../shared/plan/planner.js';

export type PlanRow =
  | {
      readonly kind: 'unit';
      readonly unit: string;
      readonly steps: readonly PlannedStep[];
    }
  | {
      readonly kind: 'step';
      readonly number: number;
      readonly step: PlannedStep;
      /** Stands under a unit's heading, approved with its neighbours. */
      readonly isInUnit: boolean;
    }
  | { readonly kind: 'phase'; readonly phase: string; readonly step: PlannedStep }
  | { readonly kind: 'point-of-no-return'; readonly step: PlannedStep };

/** The plan as lines to draw: headings over steps that are approved together, and the line above the first step that cannot be undone. */
export function planRows(steps: readonly PlannedStep[]): readonly PlanRow[] {
  const line = pointOfNoReturn(steps);
  return units(steps).flatMap((unit): PlanRow[] => {
    const isInUnit = unit.steps.length > 1;
    const heading: PlanRow[] = isInUnit ? [{ kind: 'unit', ...unit }] : [];
    return [
      ...heading,
      ...unit.steps.flatMap((step): PlanRow[] => {
        const index = steps.indexOf(step);
        const row: PlanRow = { kind: 'step', number: index + 1, step, isInUnit };
        const phase = phaseBeginningAt(step, steps[index - 1]);
        return [
          ...(phase === null ? [] : [{ kind: 'phase' as const, phase, step }]),
          ...(index === line ? [{ kind: 'point-of-no-return' as const, step }] : []),
          row,
        ];
      }),
    ];
  });
}

export function estimatedSeconds(steps: readonly PlannedStep[]): number {
  return steps.reduce((sum, { estimateSeconds }) => sum + estimateSeconds, 0);
}

export const riskWords = {
  read: 'reads',
  change: 'changes',
  destroy: 'destroys',
} as const satisfies Record<Risk, string>;

export function undoWord(plan: PlannedStep): string {
  if (leavesNothing(plan)) {
    return 'nothing to undo';
  }
  return plan.isReversible ? 'yes' : 'no';
}

/** The plan as a person without this console would need it: by hand, top to bottom. */
export function planText(title: string, steps: readonly PlannedStep[]): string {
  const lines = planRows(steps).map((row) => {
    switch (row.kind) {
      case 'unit':
        return `-- ${row.unit}: together, without a pause --`;
      case 'phase':
        return `== ${row.phase} ==`;
      case 'point-of-no-return':
        return '== POINT OF NO RETURN: what follows cannot be undone ==';
      case 'step':
        return [
          `${row.number}. ${row.step.summary} (${row.step.where}, ${riskWords[row.step.risk]})`,
          ...row.step.commands.map((command) => `   $ ${command}`),
          ...(row.step.undoText === null ? [] : [`   Undo: ${row.step.undoText}`]),
        ].join('\n');
    }
  });
  return [title, ...lines].join('\n\n');
}
