/** @typedef {{ median: number, min: number, max: number, count: number }} Spread */

/**
 * Medians, because one disturbed round must not make the figure; the extremes beside them, because it must not hide either.
 * @param {readonly number[]} values
 * @returns {Spread}
 */
export function spread(values) {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) {
    throw new Error('There is nothing to take a median of.');
  }
  const lower = sorted.length % 2 === 0 ? (sorted[middle - 1] ?? upper) : upper;
  return {
    median: (lower + upper) / 2,
    min: sorted[0] ?? upper,
    max: sorted.at(-1) ?? upper,
    count: sorted.length,
  };
}

/**
 * Each contestant stands once at every place, so that no one always comes after the same other.
 * @template T
 * @param {readonly T[]} items
 * @param {number} round
 */
export function rotated(items, round) {
  const by = round % items.length;
  return [...items.slice(by), ...items.slice(0, by)];
}
