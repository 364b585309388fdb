import type { ReactNode } from 'react';
import type { Level } from '../../shared/decision/evidence.js';
import type { Column, Verdict } from '../../shared/decision/verdict.js';
import type { Decision } from '../../shared/runbook/decision-schema.js';
import { Card } from '../ui/card.js';
import classes from './decision-matrix.module.css';
import { bandText, dataWords, decisionWords, levelWords } from './verdict-parts.js';

const rows: readonly Level[] = ['critical', 'high', 'medium', 'low'];

const columns: readonly { readonly column: Column; readonly title: string }[] = [
  { column: 'severity', title: 'Severity' },
  { column: 'errorRate', title: 'Error rate' },
  { column: 'performance', title: 'Slower by' },
  { column: 'dataImpact', title: 'Data' },
];

/** The runbook's matrix with what is known lit, and what decided marked by a word as well. */
export function DecisionMatrix({
  decision,
  verdict,
}: {
  readonly decision: Decision;
  readonly verdict: Verdict;
}): ReactNode {
  const unknown = columns.filter(({ column }) => levelIn(verdict, column) === null);
  return (
    <Card title="Decision matrix" aside="the worst column wins">
      <div className={classes['frame']}>
        <table className={classes['matrix']} aria-label="Decision matrix">
          <thead>
            <tr>
              {columns.map(({ title }) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
              <th scope="col">Decision</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((level) => (
              <tr key={level} data-level={level}>
                {columns.map(({ column }) => (
                  <MatrixCell
                    key={column}
                    column={column}
                    level={level}
                    {...{ decision, verdict }}
                  />
                ))}
                <td data-is-advice={verdict.level === level}>{decisionWords[level]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className={classes['unknown']}>
        {unknown.length === 0
          ? 'Every column is known.'
          : `Not known: ${unknown.map(({ title }) => title.toLowerCase()).join(', ')}.`}
      </div>
    </Card>
  );
}

function MatrixCell({
  column,
  level,
  decision,
  verdict,
}: {
  readonly column: Column;
  readonly level: Level;
  readonly decision: Decision;
  readonly verdict: Verdict;
}): ReactNode {
  const cell = verdict.cells.find((candidate) => candidate.column === column);
  const isLit = cell?.level === level;
  const decides = isLit && cell.decided;
  return (
    <td data-lit={decides ? 'decides' : isLit}>
      {cellText(column, level, decision)}
      {decides ? <span className={classes['sign']}>decides</span> : null}
    </td>
  );
}

function cellText(column: Column, level: Level, decision: Decision): string {
  switch (column) {
    case 'severity':
      return levelWords[level];
    case 'errorRate':
      return bandText(level, decision.errorRatePercent);
    case 'performance':
      return bandText(level, decision.performanceLossPercent);
    case 'dataImpact':
      return dataWords[level];
  }
}

function levelIn(verdict: Verdict, column: Column): Level | null {
  return verdict.cells.find((cell) => cell.column === column)?.level ?? null;
}
