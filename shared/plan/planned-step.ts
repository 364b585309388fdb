import { z } from 'zod';

export const StepId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/)
  .brand<'StepId'>();
export type StepId = z.infer<typeof StepId>;

/** As many steps as an order can hold. */
export const LONGEST_PLAN = 200;

/** `read` changes nothing; `change` can be undone; `destroy` loses what was there. */
export const Risk = z.enum(['read', 'change', 'destroy']);
export type Risk = z.infer<typeof Risk>;

/**
 * What the operator sees and approves, with every variable filled in. Copied into the journal when the
 * rollback is ordered, so a later edit of the runbook cannot change a run.
 */
export const PlannedStep = z.strictObject({
  id: StepId,
  /** Short name for lists: "Stop old". */
  title: z.string().min(1),
  kind: z.string().min(1),
  params: z.json(),
  risk: Risk,
  repeatable: z.boolean(),
  isReversible: z.boolean(),
  /** What it starts may write to a database from then on. Absent in plans of older consoles, which did not say. */
  startsWriters: z.boolean().optional(),
  /** Consecutive steps of one unit are approved together and run with nobody waiting in between. */
  unit: z.string().min(1),
  /** `execute`: brings the target up. `verify`: reads and judges, after everything has been done. */
  stage: z.enum(['execute', 'verify']),
  /** Which part of a run of several phases it belongs to; absent where a run has only one. */
  phase: z.string().min(1).optional(),
  /** The sentence the operator approves. */
  summary: z.string().min(1),
  /** What a person would type to do the same. */
  commands: z.array(z.string()),
  undoText: z.string().nullable(),
  /** A person does it and says so; the console only holds the place. */
  isManual: z.boolean(),
  /** Whose word an approval needs: the operator's own, or that of somebody who may order a rollback. */
  approvedBy: z.enum(['operator', 'authority']),
  /** Where it acts: `docker on production`, `app-1`. */
  where: z.string(),
  estimateSeconds: z.number().positive(),
  /** After this the operator is asked; nothing is ended unasked. */
  deadlineSeconds: z.number().positive(),
});
export type PlannedStep = z.infer<typeof PlannedStep>;
