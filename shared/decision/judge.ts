import type { Criterion, Decision } from '../runbook/decision-schema.js';
import { dataLevel, levelOf, rank, worst } from './bands.js';
import { isMet } from './criteria.js';
import type { Evidence, Level } from './evidence.js';
import { sentenceFor } from './sentence.js';
import type { Advice, Cell, Column, Verdict } from './verdict.js';

export type { Advice, Cell, Column, Verdict } from './verdict.js';

/**
 * Judges the four columns one by one; the worst one wins. A met criterion raises the advice to a rollback, never
 * lowers it. Low is said only when every column is known: what nobody has looked at cannot be called harmless.
 */
export function judge(evidence: Evidence, decision: Decision): Verdict {
  const levels = columnLevels(evidence, decision);
  const level = worst(Object.values(levels));
  const cells = columns.map((column) => ({
    column,
    level: levels[column],
    decided: level !== null && levels[column] === level,
  }));
  const metFor = decision.rollBackWhen.filter((criterion) => isMet(criterion, evidence));
  const metAgainst = decision.doNotRollBackFor.filter((criterion) => isMet(criterion, evidence));
  const byMatrix = adviceFor(level, cells);
  const advice = metFor.length > 0 && !asksForRollback(byMatrix) ? 'roll-back' : byMatrix;
  const contradictions = findContradictions({ advice, level, levels, metFor, metAgainst });
  return {
    level,
    advice,
    cells,
    criteriaFor: metFor.map(({ id }) => id),
    criteriaAgainst: metAgainst.map(({ id }) => id),
    contradictions,
    sentence: sentenceFor({ advice, byMatrix, level, cells, evidence, metFor, metAgainst }),
  };
}

const columns: readonly Column[] = ['severity', 'errorRate', 'performance', 'dataImpact'];

function columnLevels(evidence: Evidence, decision: Decision): Record<Column, Level | null> {
  const { severity, errorRatePercent, performanceLossPercent, dataImpact } = evidence;
  return {
    severity,
    errorRate: errorRatePercent && levelOf(errorRatePercent.value, decision.errorRatePercent),
    performance:
      performanceLossPercent &&
      levelOf(performanceLossPercent.value, decision.performanceLossPercent),
    dataImpact: dataImpact && dataLevel(dataImpact),
  };
}

function adviceFor(level: Level | null, cells: readonly Cell[]): Advice {
  switch (level) {
    case 'critical':
      return 'roll-back-now';
    case 'high':
      return 'roll-back';
    case 'medium':
      return 'choose';
    case 'low':
      return cells.some((cell) => cell.level === null) ? 'not-enough-evidence' : 'fix-forward';
    case null:
      return 'not-enough-evidence';
  }
}

export function asksForRollback(advice: Advice): boolean {
  return advice === 'roll-back' || advice === 'roll-back-now';
}

type Judged = {
  readonly advice: Advice;
  readonly level: Level | null;
  readonly levels: Record<Column, Level | null>;
  readonly metFor: readonly Criterion[];
  readonly metAgainst: readonly Criterion[];
};

function findContradictions({
  advice,
  level,
  levels,
  metFor,
  metAgainst,
}: Judged): readonly string[] {
  const found: string[] = [];
  const measured = worst([levels.errorRate, levels.performance, levels.dataImpact]);
  if (
    levels.severity !== null &&
    measured !== null &&
    rank(measured) - rank(levels.severity) >= 2
  ) {
    found.push(
      `The severity is said to be ${levels.severity}, yet the measurements are ${measured}.`,
    );
  }
  if (asksForRollback(advice)) {
    const because =
      metFor.length > 0
        ? metFor.map(({ text }) => `“${text}”`).join(' and ')
        : `the matrix, which says ${level ?? 'nothing'}`;
    for (const { text } of metAgainst) {
      found.push(`“${text}” speaks against a rollback, but ${because} asks for one.`);
    }
  }
  return found;
}
