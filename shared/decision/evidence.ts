import { z } from 'zod';

export const Level = z.enum(['low', 'medium', 'high', 'critical']);
export type Level = z.infer<typeof Level>;

/** A number with where it came from, so that nobody takes a guess for a measurement. */
export const Reading = z.strictObject({
  value: z.number().nonnegative().max(1_000_000),
  source: z.enum(['typed', 'live']),
  /** How it was measured: "12 of 35 health requests failed". Empty when typed. */
  detail: z.string(),
  at: z.iso.datetime(),
});
export type Reading = z.infer<typeof Reading>;

/** What is known about the trouble. Null means not known, never zero. */
export const Evidence = z.strictObject({
  severity: Level.nullable(),
  errorRatePercent: Reading.nullable(),
  performanceLossPercent: Reading.nullable(),
  dataImpact: z.enum(['none', 'corruption', 'loss']).nullable(),
  costOverrunPercent: Reading.nullable(),
  affectedPercent: Reading.nullable(),
  securityFinding: z.boolean().nullable(),
  canFixForward: z.boolean().nullable(),
  /** Criteria that only a person can judge, by id. */
  saidCriteria: z.array(z.string()),
  /** What is seen, in the operator's words; it stands in the messages as the reason. */
  symptoms: z.string().max(4_000),
  /** Who notices what, in words for the messages. */
  impact: z.string().max(4_000),
});
export type Evidence = z.infer<typeof Evidence>;
