const DAY_MS = 86_400_000;

/** Whole days until the next drill is due; 0 on the day, negative when overdue, null when there never was one. */
export function drillDueInDays(
  lastDrillAt: string | null,
  everyDays: number,
  now: string,
): number | null {
  if (lastDrillAt === null) {
    return null;
  }
  return dayOf(lastDrillAt) + everyDays - dayOf(now);
}

/** Days are counted by date, so that a drill in the evening is not due a day later than one in the morning. */
function dayOf(at: string): number {
  return Math.floor(Date.parse(at) / DAY_MS);
}
