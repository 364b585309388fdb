import { z } from 'zod';

/** Who drives a run, as its lock file says: enough to walk over to them. */
export const RunOwner = z.strictObject({
  pid: z.int().positive(),
  hostname: z.string(),
  user: z.string(),
  since: z.iso.datetime(),
  /** True when this console cannot see that process: it runs on another machine, or in a container of its own. */
  isElsewhere: z.boolean(),
});
export type RunOwner = z.infer<typeof RunOwner>;
