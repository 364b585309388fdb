import type { BoundedQuestion, DatabaseRow } from '../../connections/ports.js';

/** A table and the question that counts it, answering with one row. */
export type Countable = {
  readonly table: string;
  /** How large it is by the server's own figure; null where the server has none. */
  readonly pages: number | null;
  readonly sql: string;
};

/** All of these together are counted by one question, since each question costs a turn over the line. */
const pagesTogether = 16_384;
const sizeOf = ({ pages }: Countable): number => pages ?? pagesTogether + 1;
/** A table that somebody holds locked is not waited for: it would take the time of all others. */
const lockMs = 500;

/**
 * Counts the small ones first, so that the time is used for as many as can be. What is not in the answer was not counted in
 * that time. All figures are of one snapshot.
 */
export async function countWithin(
  ask: BoundedQuestion,
  tables: readonly Countable[],
  withinMs: number,
): Promise<ReadonlyMap<string, DatabaseRow>> {
  const end = performance.now() + withinMs;
  const counted = new Map<string, DatabaseRow>();
  const count = async (some: readonly Countable[]): Promise<void> => {
    const left = end - performance.now();
    if (some.length === 0 || left <= 0) {
      return;
    }
    const sql = some.map((one) => one.sql).join('\nunion all ');
    const rows = await ask(sql, { withinMs: left, lockMs });
    if (rows !== null) {
      rows.forEach((row) => counted.set(row['name'] ?? '', row));
    } else if (some.length > 1) {
      // One of them is locked, or all are too many for the time that is left.
      const half = Math.ceil(some.length / 2);
      await count(some.slice(0, half));
      await count(some.slice(half));
    }
  };
  for (const some of groups(tables)) {
    await count(some);
  }
  return counted;
}

export function groups(tables: readonly Countable[]): readonly (readonly Countable[])[] {
  const sorted = [...tables].sort((left, right) => sizeOf(left) - sizeOf(right));
  const made: Countable[][] = [];
  let pages = Infinity;
  for (const one of sorted) {
    pages += sizeOf(one);
    if (pages > pagesTogether) {
      made.push([one]);
      pages = sizeOf(one);
    } else {
      made.at(-1)?.push(one);
    }
  }
  return made;
}
