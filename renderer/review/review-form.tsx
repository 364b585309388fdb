import type { ReactNode } from 'react';
import type { Review } from '../../shared/run/facts.js';
import { Card } from '../ui/card.js';
import { KeptText } from '../ui/kept-text.js';
import { KeyHint } from '../ui/key-hint.js';
import classes from './review-form.module.css';

export const FIRST_REVIEW_FIELD = 'review-rootCause';

const fields = [
  {
    name: 'rootCause',
    label: 'Root cause',
    description: 'Goes into the closing message.',
    max: 8_000,
  },
  {
    name: 'nextSteps',
    label: 'Next steps',
    description: 'Go into the closing message.',
    max: 8_000,
  },
  {
    name: 'issues',
    label: 'Issues on the way',
    description: 'What went wrong, took long or was not known.',
    max: 8_000,
  },
  {
    name: 'improvements',
    label: 'Improvements',
    description: 'Shown at the start of the next drill until closed.',
    max: 8_000,
  },
  {
    name: 'dataLoss',
    label: 'Data loss',
    description: '“None” is an answer too; empty means not known.',
    max: 2_000,
  },
  { name: 'participants', label: 'Participants', description: 'Who took part.', max: 2_000 },
] as const satisfies readonly {
  name: keyof Review;
  label: string;
  description: string;
  max: number;
}[];

/** What only people know. Each field is kept as it is left. */
export function ReviewForm({
  review,
  onChange,
}: {
  readonly review: Review;
  readonly onChange: (part: Partial<Review>) => void;
}): ReactNode {
  return (
    <Card
      title="What people know"
      aside={
        <>
          <KeyHint name="E" /> fill in · kept as you leave each field
        </>
      }
    >
      <div className={classes['fields']}>
        {fields.map(({ name, label, description, max }) => (
          <KeptText
            key={name}
            id={`review-${name}`}
            label={label}
            description={description}
            value={review[name]}
            rows={2}
            maxLength={max}
            onKeep={(text) => {
              onChange({ [name]: text });
            }}
          />
        ))}
        <KeptText
          id="review-reviewDate"
          label="Date of the review"
          description="As people will read it: “Thursday 10:00, room 4”."
          value={review.reviewDate}
          rows={1}
          maxLength={100}
          onKeep={(reviewDate) => {
            onChange({ reviewDate });
          }}
        />
      </div>
    </Card>
  );
}
