import { z } from 'zod';
import { Evidence } from '../decision/evidence.js';
import { StepId } from '../plan/planned-step.js';
import { RunMode } from './events.js';
import { Review } from './facts.js';

const Text = z.string().trim().min(1).max(4_000);

/** Who ordered the rollback, and why. */
export const Order = z.strictObject({ authority: z.string().trim().min(1).max(200), reason: Text });
export type Order = z.infer<typeof Order>;

/** What the operator wants. The page names things that main already holds; it never sends a state or a host to act on. */
export const RunCommand = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('record-evidence'), evidence: Evidence }),
  z.strictObject({ type: z.literal('fix-forward'), reason: Text }),
  z.strictObject({ type: z.literal('tick'), itemId: z.string(), evidence: z.string().max(1_000) }),
  z.strictObject({ type: z.literal('untick'), itemId: z.string() }),
  z.strictObject({ type: z.literal('pass-by'), itemId: z.string(), reason: Text }),
  z.strictObject({ type: z.literal('complete-preparation') }),
  z.strictObject({
    type: z.literal('approve'),
    unit: z.string(),
    typed: z.strictObject({ version: z.string(), host: z.string() }).nullable(),
    /** The role or name of the authority who gave the word, where one is needed. */
    authority: z.string().trim().min(1).max(200).nullable(),
  }),
  z.strictObject({ type: z.literal('retry'), stepId: StepId }),
  z.strictObject({ type: z.literal('skip'), stepId: StepId, reason: Text }),
  z.strictObject({ type: z.literal('done-by-hand'), stepId: StepId, evidence: Text }),
  z.strictObject({ type: z.literal('stop'), stepId: StepId }),
  z.strictObject({ type: z.literal('keep-waiting'), stepId: StepId }),
  z.strictObject({ type: z.literal('pause'), reason: z.string().max(4_000) }),
  z.strictObject({ type: z.literal('continue') }),
  z.strictObject({ type: z.literal('choose-mode'), mode: RunMode }),
  z.strictObject({
    type: z.literal('settle'),
    stepId: StepId,
    as: z.enum(['done', 'not-done', 'by-hand']),
    evidence: z.string().max(4_000),
  }),
  z.strictObject({ type: z.literal('undo'), stepId: StepId }),
  z.strictObject({ type: z.literal('retry-undo'), stepId: StepId }),
  z.strictObject({
    type: z.literal('settle-undo'),
    stepId: StepId,
    as: z.enum(['by-hand', 'passed-by']),
    reason: Text,
  }),
  z.strictObject({ type: z.literal('roll-forward'), reason: Text }),
  z.strictObject({ type: z.literal('end-watch'), reason: Text }),
  z.strictObject({
    type: z.literal('edit-message'),
    messageId: z.string(),
    body: z.string().max(20_000),
  }),
  z.strictObject({
    type: z.literal('mark-sent'),
    messageId: z.string(),
    where: Text,
    body: z.string().max(20_000),
  }),
  z.strictObject({ type: z.literal('note'), text: Text }),
  z.strictObject({ type: z.literal('record-review'), review: Review }),
  z.strictObject({
    type: z.literal('tick-drill-item'),
    itemId: z.string(),
    isTicked: z.boolean(),
  }),
  z.strictObject({ type: z.literal('close'), reason: z.string().max(4_000) }),
]);
export type RunCommand = z.infer<typeof RunCommand>;
export type RunCommandType = RunCommand['type'];
