/** Of the item in a preview that says it. */
export const downtimeItemId = 'downtime';

export type Range = { readonly fromSeconds: number; readonly toSeconds: number };

/**
 * How long a database is away by each way of restoring a backup, the service's own stop and start left out. Reckoned from how long
 * reading this backup to its end took on the machine that is to restore it: that is the part of the work that is done beforehand.
 */
export function predictDowntime(readSeconds: number): {
  readonly inPlace: Range;
  readonly beside: Range;
} {
  return { inPlace: times(readSeconds, IN_PLACE), beside: SWAP };
}

/** A fresh backup and the restore: six times the reading on an idle machine with a quick disk (docs/benchmarks.md), more on a slow one. */
const IN_PLACE = { least: 5, most: 15 } as const;
/** Sessions are ended, two names are changed. Longer only where a session will not go. */
const SWAP: Range = { fromSeconds: 1, toSeconds: 5 };
/** What takes no time to read still takes programs to start. */
const LEAST_SECONDS = 2;

function times(seconds: number, { least, most }: typeof IN_PLACE): Range {
  return {
    fromSeconds: Math.max(LEAST_SECONDS, seconds * least),
    toSeconds: Math.max(LEAST_SECONDS * 2, seconds * most),
  };
}

/** "2 s to 4 s", "3 min to 8 min": no guess is told to the second where it is long. */
export function rangeInWords({ fromSeconds, toSeconds }: Range): string {
  return `${roughly(fromSeconds)} to ${roughly(toSeconds)}`;
}

function roughly(seconds: number): string {
  if (seconds < 10) {
    return `${String(Math.ceil(seconds))} s`;
  }
  if (seconds < 90) {
    return `${String(Math.ceil(seconds / 10) * 10)} s`;
  }
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${String(minutes)} min` : `${String(Math.ceil(minutes / 60))} h`;
}
