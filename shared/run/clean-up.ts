import { z } from 'zod';

/** Something a closed run left on an engine, as it was when it was looked at. */
export const CleanUpItem = z.strictObject({
  id: z.string().min(1),
  kind: z.enum(['container', 'image']),
  engine: z.string().min(1),
  name: z.string().min(1),
  objectId: z.string().min(1),
  /** What removing it loses and what stays, a sentence each. */
  facts: z.array(z.string()),
});
export type CleanUpItem = z.infer<typeof CleanUpItem>;

export const CleanUpOffer = CleanUpItem.extend({
  /** Why it is not removed; null where it may be. */
  refusal: z.string().nullable(),
});
export type CleanUpOffer = z.infer<typeof CleanUpOffer>;
