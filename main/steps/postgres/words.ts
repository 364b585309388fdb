const units = ['B', 'kB', 'MB', 'GB', 'TB'];

/** `1.2 GB`. */
export function wordsOfBytes(bytes: number): string {
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** step;
  return `${step === 0 ? String(value) : value.toFixed(1)} ${units[step] ?? 'B'}`;
}
