import type { ReadLogOptions } from '../ports.js';

/** Always with times: they say where to go on after a break. */
export function logQuery(
  { tail, since }: ReadLogOptions,
  isFollowed: boolean,
): Readonly<Record<string, string>> {
  return {
    stdout: 'true',
    stderr: 'true',
    timestamps: 'true',
    follow: String(isFollowed),
    // The engine reads `all` forwards; a number makes it search backwards first.
    tail: tail === Number.MAX_SAFE_INTEGER ? 'all' : String(tail),
    ...(since === undefined ? {} : { since: toEngineTime(since) }),
  };
}

/** The engine wants seconds.nanoseconds; going through a Date would lose the last six digits. */
function toEngineTime(rfc3339: string): string {
  const fraction = /\.(\d{1,9})/.exec(rfc3339)?.[1] ?? '';
  const seconds = Math.floor(Date.parse(rfc3339.replace(/\.\d+/, '')) / 1_000);
  return `${seconds}.${fraction.padEnd(9, '0')}`;
}
