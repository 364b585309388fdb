export { count } from '../../shared/count.js';
export { formatDuration as formatSeconds } from '../../shared/metrics/format-duration.js';
import type { Tier } from '../../shared/runbook/environment-schema.js';

/** `14:02:10`, in the operator's own time zone. */
export function formatTime(at: string): string {
  return new Date(at).toLocaleTimeString('en-GB', { hour12: false });
}

/** `23 Nov, 14:02`. */
export function formatDateTime(at: string): string {
  const date = new Date(at);
  const day = date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
  return `${day}, ${date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}`;
}

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** "12 days ago", "just now". */
export function formatAge(at: string, nowMs: number): string {
  const seconds = Math.max(0, (nowMs - Date.parse(at)) / 1_000);
  for (const [name, length] of units) {
    const count = Math.floor(seconds / length);
    if (count >= 1) {
      return `${count} ${name}${count === 1 ? '' : 's'} ago`;
    }
  }
  return seconds < 5 ? 'just now' : `${Math.floor(seconds)} seconds ago`;
}

export const tierWords = {
  production: 'PRODUCTION',
  staging: 'STAGING',
  practice: 'PRACTICE',
} as const satisfies Record<Tier, string>;
