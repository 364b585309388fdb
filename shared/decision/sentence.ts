import type { Criterion } from '../runbook/decision-schema.js';
import type { Evidence, Level } from './evidence.js';
import type { Advice, Cell, Column } from './verdict.js';

type Judgement = {
  readonly advice: Advice;
  /** What the matrix alone advised, before any criterion raised it. */
  readonly byMatrix: Advice;
  readonly level: Level | null;
  readonly cells: readonly Cell[];
  readonly evidence: Evidence;
  readonly metFor: readonly Criterion[];
  readonly metAgainst: readonly Criterion[];
};

const adviceWords: Record<Advice, string> = {
  'roll-back-now': 'Roll back now',
  'roll-back': 'Roll back',
  choose: 'Fix forward or roll back, as you choose',
  'fix-forward': 'Fix forward',
  'not-enough-evidence': 'Not enough evidence yet',
};

const columnWords: Record<Column, string> = {
  severity: 'severity',
  errorRate: 'error rate',
  performance: 'performance loss',
  dataImpact: 'data',
};

/** The verdict as the operator reads it and the journal keeps it: advice, what decided, what is not known. */
export function sentenceFor(judgement: Judgement): string {
  const { advice, level, cells, metFor, metAgainst } = judgement;
  const parts = [`${adviceWords[advice]}: ${reasons(judgement)}.`];
  if (metFor.length > 0 && advice === judgement.byMatrix) {
    parts.push(`Met: ${quoted(metFor)}.`);
  }
  if (metAgainst.length > 0) {
    parts.push(`Speaks against it: ${quoted(metAgainst)}.`);
  }
  const unknown = cells.filter((cell) => cell.level === null);
  if (level !== null && unknown.length > 0) {
    parts.push(`Not known: ${unknown.map(({ column }) => columnWords[column]).join(', ')}.`);
  }
  return parts.join(' ');
}

function reasons(judgement: Judgement): string {
  const { advice, byMatrix, level, cells, metFor, evidence } = judgement;
  if (level === null) {
    return metFor.length > 0
      ? `${quoted(metFor)} is met, though nothing else is known`
      : 'nothing is known about severity, error rate, performance or data';
  }
  const deciding = cells
    .filter((cell) => cell.decided)
    .map(({ column }) => `${columnWords[column]}${valueWords(column, evidence)} is ${level}`)
    .join('; ');
  return advice === byMatrix
    ? deciding
    : `${quoted(metFor)} is met, though the matrix alone says ${level} (${deciding})`;
}

function valueWords(column: Column, evidence: Evidence): string {
  switch (column) {
    case 'severity':
      return '';
    case 'errorRate':
      return percent(evidence.errorRatePercent);
    case 'performance':
      return percent(evidence.performanceLossPercent);
    case 'dataImpact':
      return evidence.dataImpact === 'none' ? ': no impact' : `: ${evidence.dataImpact ?? ''}`;
  }
}

/** Two decimals, so that 25.04 is not shown as 25 and called high. */
function percent(reading: { readonly value: number } | null): string {
  return reading === null ? '' : ` ${String(Number(reading.value.toFixed(2)))} %`;
}

function quoted(criteria: readonly Criterion[]): string {
  return criteria.map(({ text }) => `“${text}”`).join(', ');
}
