import { z } from 'zod';

/** How a failure is written to disk and crosses to the page. `code` stays a string: old journals may hold retired codes. */
export const ErrorJson = z.strictObject({
  code: z.string().min(1),
  message: z.string(),
  retryable: z.boolean(),
});
export type ErrorJson = z.infer<typeof ErrorJson>;
