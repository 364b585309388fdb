import type { Tier } from '../../shared/runbook/environment-schema.js';

/** `0:05`, `12:40`, `1:02:03`. The form of every measured length. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3_600);
  const minutes = Math.floor((whole % 3_600) / 60);
  const rest = String(whole % 60).padStart(2, '0');
  return hours === 0
    ? `${minutes}:${rest}`
    : `${hours}:${String(minutes).padStart(2, '0')}:${rest}`;
}

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

/** "3 steps", "1 step". */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-GB')} ${number === 1 ? one : many}`;
}

export const tierWords = {
  production: 'PRODUCTION',
  staging: 'STAGING',
  practice: 'PRACTICE',
} as const satisfies Record<Tier, string>;
