import { z } from 'zod';

/** One thing that will be different. A value that may be a secret stands as a mark that only tells it from another. */
export const ForeseenChange = z.strictObject({
  /** "environment variable LOG_LEVEL". */
  what: z.string().min(1),
  /** Null: there was or will be none. */
  from: z.string().nullable(),
  to: z.string().nullable(),
  /**
   * `target`: it is what the rollback is for, or the new version brings it along. `console`: Lastgood's own, to find its
   * way back. `lost`: the operator had set it and it is not carried. `rows`: other rows take the place of those.
   */
  because: z.enum(['target', 'console', 'lost', 'rows']),
});
export type ForeseenChange = z.infer<typeof ForeseenChange>;

/** What approving would make different, found by looking; shown before the approval. */
export const Foresight = z.strictObject({
  /** "web now ↔ web-next". */
  title: z.string().min(1),
  changes: z.array(ForeseenChange),
  /** What stays as the operator set it: "7 environment variables". */
  carried: z.array(z.string()),
  /** What follows from it that the operator should know before. */
  warnings: z.array(z.string()),
});
export type Foresight = z.infer<typeof Foresight>;

/** One line for a terminal or a log. */
export function changeInWords({ what, from, to, because }: ForeseenChange): string {
  const sign = because === 'lost' ? '! NOT CARRIED: ' : '';
  return `${sign}${what}: ${from ?? 'none'} → ${to ?? 'none'}`;
}

/** As many lines as it takes to say the whole of it. */
export function foresightInWords({ title, changes, carried, warnings }: Foresight): string[] {
  return [
    title,
    ...warnings.map((warning) => `  ! ${warning}`),
    ...changes.map((change) => `  ${changeInWords(change)}`),
    ...(carried.length === 0 ? [] : [`  Carried as they are: ${carried.join(', ')}`]),
  ];
}
