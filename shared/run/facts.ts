import { z } from 'zod';

/** What the console's own probe found at the health address. */
export const ServingState = z.enum(['serving', 'unhealthy', 'down', 'not-measured']);
export type ServingState = z.infer<typeof ServingState>;

/** What "before" looked like, so that "after" can be judged against it. */
export const Baseline = z.strictObject({
  requests: z.int().nonnegative(),
  failedPercent: z.number().nullable(),
  medianMs: z.number().nullable(),
  p95Ms: z.number().nullable(),
  restarts: z.int().nullable(),
  /** Kinds of error lines seen, numbers and ids replaced, most frequent first. */
  errorKinds: z.array(z.string()),
});
export type Baseline = z.infer<typeof Baseline>;

export const WatchSample = z.strictObject({
  /** Since the watch began, on the monotonic clock. */
  atSeconds: z.number().nonnegative(),
  serving: ServingState,
  status: z.int().nullable(),
  milliseconds: z.number().nullable(),
  cpuPercent: z.number().nullable(),
  memoryBytes: z.number().nullable(),
  restarts: z.int().nullable(),
  newErrorLines: z.int().nonnegative(),
});
export type WatchSample = z.infer<typeof WatchSample>;

export const WatchVerdict = z.enum(['pass', 'fail', 'inconclusive']);
export type WatchVerdict = z.infer<typeof WatchVerdict>;

export const Review = z.strictObject({
  rootCause: z.string().max(8_000),
  nextSteps: z.string().max(8_000),
  reviewDate: z.string().max(100),
  issues: z.string().max(8_000),
  improvements: z.string().max(8_000),
  participants: z.string().max(2_000),
  dataLoss: z.string().max(2_000),
});
export type Review = z.infer<typeof Review>;
