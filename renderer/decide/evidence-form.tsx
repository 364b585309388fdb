import type { ReactNode } from 'react';
import type { Evidence, Reading } from '../../shared/decision/evidence.js';
import { Card } from '../ui/card.js';
import { KeptText } from '../ui/kept-text.js';
import { ChoiceField, YesNoField } from './choice-field.js';
import classes from './evidence-form.module.css';
import { NumberField } from './number-field.js';

export const FIRST_FIELD = 'evidence-severity';

const severities = [
  { value: 'low', label: 'Low' },
  { value: 'medium', label: 'Medium' },
  { value: 'high', label: 'High' },
  { value: 'critical', label: 'Critical' },
] as const;

const impacts = [
  { value: 'none', label: 'No impact' },
  { value: 'corruption', label: 'Corruption' },
  { value: 'loss', label: 'Loss' },
] as const;

/** What is known about the trouble. An empty field means not known, never zero. */
export function EvidenceForm({
  evidence,
  offeredErrorRate,
  aside,
  live,
  onChange,
}: {
  readonly evidence: Evidence;
  readonly offeredErrorRate: Reading | null;
  readonly aside?: ReactNode;
  /** What the last measurement said, beyond the fields. */
  readonly live: ReactNode;
  readonly onChange: (part: Partial<Evidence>) => void;
}): ReactNode {
  return (
    <Card title="Evidence" aside={aside}>
      <ChoiceField
        label="Severity"
        inputId={FIRST_FIELD}
        value={evidence.severity}
        choices={severities}
        onChange={(severity) => {
          onChange({ severity });
        }}
      />
      <NumberField
        label="Error rate"
        inputId="evidence-error-rate"
        reading={evidence.errorRatePercent}
        offered={offeredErrorRate}
        onChange={(errorRatePercent) => {
          onChange({ errorRatePercent });
        }}
      />
      <NumberField
        label="Slower by"
        inputId="evidence-slower"
        reading={evidence.performanceLossPercent}
        onChange={(performanceLossPercent) => {
          onChange({ performanceLossPercent });
        }}
      />
      <ChoiceField
        label="Data"
        inputId="evidence-data"
        value={evidence.dataImpact}
        choices={impacts}
        onChange={(dataImpact) => {
          onChange({ dataImpact });
        }}
      />
      <OtherFields evidence={evidence} onChange={onChange} />
      <div className={classes['live']} role="status">
        {live}
      </div>
      <Texts evidence={evidence} onChange={onChange} />
    </Card>
  );
}

type FieldsProps = {
  readonly evidence: Evidence;
  readonly onChange: (part: Partial<Evidence>) => void;
};

function OtherFields({ evidence, onChange }: FieldsProps): ReactNode {
  return (
    <>
      <NumberField
        label="Functions affected"
        inputId="evidence-affected"
        reading={evidence.affectedPercent}
        onChange={(affectedPercent) => {
          onChange({ affectedPercent });
        }}
      />
      <NumberField
        label="Over budget by"
        inputId="evidence-cost"
        reading={evidence.costOverrunPercent}
        onChange={(costOverrunPercent) => {
          onChange({ costOverrunPercent });
        }}
      />
      <YesNoField
        label="Security finding"
        inputId="evidence-security"
        value={evidence.securityFinding}
        onChange={(securityFinding) => {
          onChange({ securityFinding });
        }}
      />
      <YesNoField
        label="Fix forward in time?"
        inputId="evidence-fix"
        value={evidence.canFixForward}
        onChange={(canFixForward) => {
          onChange({ canFixForward });
        }}
      />
    </>
  );
}

function Texts({ evidence, onChange }: FieldsProps): ReactNode {
  return (
    <div className={classes['texts']}>
      <KeptText
        id="evidence-symptoms"
        label="Symptoms"
        description="What is seen. It becomes the reason in the messages."
        value={evidence.symptoms}
        rows={2}
        maxLength={4_000}
        onKeep={(symptoms) => {
          onChange({ symptoms });
        }}
      />
      <KeptText
        id="evidence-impact"
        label="Impact"
        description="Who notices what, in words for the messages."
        value={evidence.impact}
        rows={2}
        maxLength={4_000}
        onKeep={(impact) => {
          onChange({ impact });
        }}
      />
    </div>
  );
}
