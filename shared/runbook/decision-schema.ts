import { z } from 'zod';

const Text = z.string().trim().min(1);
const Percent = z.number().nonnegative();
const Slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);

/** Below `medium` is low; from `medium` is medium; over `high` is high; over `critical` is critical. */
export const Bands = z
  .strictObject({ medium: Percent, high: Percent, critical: Percent })
  .refine(({ medium, high, critical }) => medium < high && high < critical, {
    message: 'the bounds must rise: medium < high < critical',
  });
export type Bands = z.infer<typeof Bands>;

/** What a criterion is judged by; `said` is ticked by the operator. */
export const CriterionRule = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('errorRatePercent'), over: Percent }),
  z.strictObject({ by: z.literal('performanceLossPercent'), over: Percent }),
  z.strictObject({ by: z.literal('costOverrunPercent'), over: Percent }),
  z.strictObject({ by: z.literal('affectedPercent'), under: Percent }),
  z.strictObject({
    by: z.literal('dataImpact'),
    is: z.array(z.enum(['corruption', 'loss'])).min(1),
  }),
  z.strictObject({ by: z.literal('securityFinding') }),
  z.strictObject({ by: z.literal('cannotFixForward') }),
  z.strictObject({ by: z.literal('said') }),
]);
export type CriterionRule = z.infer<typeof CriterionRule>;

export const Criterion = z.strictObject({ id: Slug, text: Text, rule: CriterionRule });
export type Criterion = z.infer<typeof Criterion>;

export const Decision = z.strictObject({
  errorRatePercent: Bands,
  performanceLossPercent: Bands,
  rollBackWhen: z.array(Criterion).min(1),
  doNotRollBackFor: z.array(Criterion),
});
export type Decision = z.infer<typeof Decision>;
