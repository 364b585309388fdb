/** `0:42`, `12:05`, `1:02:03`. Begun seconds do not count, so that a meter never runs ahead. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = String(whole % 60).padStart(2, '0');
  return hours === 0
    ? `${String(minutes)}:${rest}`
    : `${String(hours)}:${String(minutes).padStart(2, '0')}:${rest}`;
}

/** For what was measured: `0.5 s` below ten seconds, where `0:00` would read as nothing at all. */
export function formatMeasured(seconds: number): string {
  return seconds < 9.95 ? `${Math.max(0, seconds).toFixed(1)} s` : formatDuration(seconds);
}

/** `14:05 UTC`: the same words for everybody who reads a message, wherever they are. */
export function formatClockTime(at: string): string {
  return `${new Date(at).toISOString().slice(11, 16)} UTC`;
}

/** For guesses: a guess is not told to the second. */
export function formatAbout(seconds: number): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  return minutes < 90
    ? `about ${String(minutes)} min`
    : `about ${String(Math.round(minutes / 60))} h`;
}
