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
  /** `data`: rows that others take the place of. A comparison of settings says nothing about those. */
  about: z.enum(['settings', 'data']),
  /** "web now ↔ web-next". */
  title: z.string().min(1),
  changes: z.array(ForeseenChange),
  /** Settings: what stays as the operator set it, as "7 environment variables". Data: tables that will hold as many rows as now. */
  carried: z.array(z.string()),
  /** What keeps it from being begun, as sentences: to be taken away before it is approved. */
  obstacles: z.array(z.string()),
  /** What follows from it that the operator should know before. */
  warnings: z.array(z.string()),
});
export type Foresight = z.infer<typeof Foresight>;

/** One line for a terminal or a log. */
export function changeInWords({ what, from, to, because }: ForeseenChange): string {
  const sign = because === 'lost' ? '! NOT CARRIED: ' : '';
  return `${sign}${what}: ${from ?? 'none'} → ${to ?? 'none'}`;
}

/** That something is carried, without a promise that it does not hold: as many rows may be other rows. */
export function carriedInWords({ about, carried }: Foresight): string | null {
  const words = about === 'settings' ? 'Carried as they are' : 'As many rows as now, maybe others';
  return carried.length === 0 ? null : `${words}: ${carried.join(', ')}`;
}

/** Whether every one of these figures is there: none stand for what could not be counted. */
export function isCounted(foreseen: readonly Foresight[]): boolean {
  return foreseen.every(({ changes, carried }) => changes.length + carried.length > 0);
}

/** What the operator should have read before, the worst first. */
export const knownBefore = ({
  obstacles,
  warnings,
}: Pick<Foresight, 'obstacles' | 'warnings'>): readonly string[] => [...obstacles, ...warnings];

/** As many lines as it takes to say the whole of it. */
export function foresightInWords(foresight: Foresight): string[] {
  const { title, changes } = foresight;
  const carried = carriedInWords(foresight);
  return [
    title,
    ...knownBefore(foresight).map((warning) => `  ! ${warning}`),
    ...changes.map((change) => `  ${changeInWords(change)}`),
    ...(carried === null ? [] : [`  ${carried}`]),
  ];
}
