/**
 * Order of times as ISO 8601 writes them, all in UTC. By their characters: the order of a language would be the same, and asking
 * for it loads all that is known of languages first.
 */
export function byTime(left: string, right: string): number {
  if (left === right) {
    return 0;
  }
  return left < right ? -1 : 1;
}

/** What nobody knows the age of comes last. */
export function newestFirst(
  left: { readonly createdAt: string | null },
  right: { readonly createdAt: string | null },
): number {
  return byTime(right.createdAt ?? '', left.createdAt ?? '');
}
