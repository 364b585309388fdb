import { formatMeasured } from '../../shared/metrics/format-duration.js';

export function duration(seconds: number | null): string {
  return seconds === null ? 'not known' : formatMeasured(seconds);
}

/** `2025-01-15 12:00:05 UTC`. */
export function moment(at: string): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
