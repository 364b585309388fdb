import { z } from 'zod';

/** A version that really exists where it would be started, as found by looking. */
export const Target = z.strictObject({
  /** What pins it: an image id, the path of a release, a commit. Names move, this does not. */
  id: z.string().min(1),
  version: z.string().min(1),
  /** Every name it goes by: `repository:tag`, the path of a release, the tags of a commit. */
  names: z.array(z.string()),
  createdAt: z.iso.datetime().nullable(),
  sizeBytes: z.number().nonnegative().nullable(),
  digest: z.string().nullable(),
  isServing: z.boolean(),
  /** Who made it, where that is on record. */
  author: z.string().optional(),
  /** What it says of itself in one line: the subject of a commit, the version in a package. */
  subject: z.string().optional(),
  /** True where whoever runs the service keeps it as the one of before. */
  isPrevious: z.boolean().optional(),
  /** Why it cannot be gone back to as it lies there; only where something is wrong with it. */
  problem: z.string().optional(),
});
export type Target = z.infer<typeof Target>;

/** One line of "can I still go back?", with the age of its evidence. */
export const PreviewItem = z.strictObject({
  id: z.string().min(1),
  title: z.string().min(1),
  state: z.enum(['green', 'amber', 'red']),
  text: z.string(),
  checkedAt: z.iso.datetime(),
});
export type PreviewItem = z.infer<typeof PreviewItem>;
