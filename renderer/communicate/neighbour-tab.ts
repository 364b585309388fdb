/** The id beside this one, round and round. */
export function neighbourTab(ids: readonly string[], shownId: string, step: number): string {
  const index = ids.indexOf(shownId);
  return ids[(index + step + ids.length) % ids.length] ?? shownId;
}
