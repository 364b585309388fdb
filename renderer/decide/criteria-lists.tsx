import { IconCheck, IconPoint } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Verdict } from '../../shared/decision/verdict.js';
import type { Criterion, Decision } from '../../shared/runbook/decision-schema.js';
import { Card } from '../ui/card.js';
import { HiddenWords } from '../ui/data-table.js';
import { KeyHint } from '../ui/key-hint.js';
import classes from './criteria-lists.module.css';

export const CRITERIA = 'criteria';

type Say = (criterionId: string, isSaid: boolean) => void;

/** The written criteria. The evidence ticks its own; those that only a person can judge have a box. */
export function CriteriaLists({
  decision,
  verdict,
  onSay,
}: {
  readonly decision: Decision;
  readonly verdict: Verdict;
  readonly onSay: Say;
}): ReactNode {
  return (
    <Card
      title="Criteria"
      aside={
        <>
          the boxes are yours to tick, the rest follows the evidence · <KeyHint name="C" />
        </>
      }
    >
      <div className={classes['lists']} id={CRITERIA}>
        <List
          title={`Roll back when · ${verdict.criteriaFor.length} met`}
          criteria={decision.rollBackWhen}
          met={verdict.criteriaFor}
          metClass="met"
          onSay={onSay}
        />
        <List
          title={`Do not roll back for · ${verdict.criteriaAgainst.length} met`}
          criteria={decision.doNotRollBackFor}
          met={verdict.criteriaAgainst}
          metClass="against"
          onSay={onSay}
        />
      </div>
    </Card>
  );
}

function List({
  title,
  criteria,
  met,
  metClass,
  onSay,
}: {
  readonly title: string;
  readonly criteria: readonly Criterion[];
  readonly met: readonly string[];
  readonly metClass: 'met' | 'against';
  readonly onSay: Say;
}): ReactNode {
  return (
    <div>
      <h3>{title}</h3>
      <ul>
        {criteria.map((criterion) => (
          <Item
            key={criterion.id}
            criterion={criterion}
            isMet={met.includes(criterion.id)}
            metClass={metClass}
            onSay={onSay}
          />
        ))}
      </ul>
    </div>
  );
}

function Item({
  criterion,
  isMet,
  metClass,
  onSay,
}: {
  readonly criterion: Criterion;
  readonly isMet: boolean;
  readonly metClass: 'met' | 'against';
  readonly onSay: Say;
}): ReactNode {
  const { id, text, rule } = criterion;
  if (rule.by === 'said') {
    return (
      <li>
        <label className={classes['item']} data-is-met={isMet}>
          <input
            type="checkbox"
            className={classes['said']}
            checked={isMet}
            onChange={(event) => {
              onSay(id, event.currentTarget.checked);
            }}
          />
          {text}
        </label>
      </li>
    );
  }
  return (
    <li className={classes['item']} data-is-met={isMet}>
      <span className={classes['mark']}>
        {isMet ? (
          <IconCheck size={15} stroke={2.4} className={classes[metClass]} aria-hidden />
        ) : (
          <IconPoint size={15} aria-hidden />
        )}
      </span>
      <span>
        {text}
        {isMet ? <HiddenWords> (met)</HiddenWords> : null}
      </span>
    </li>
  );
}
