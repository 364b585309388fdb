/** A longer line of a log is cut: one runaway line must not fill the memory, nor vanish without a word. */
export const mostLineCharacters = 64 * 1024;

/** The beginning of a long line, and how much of it is not shown. */
export function cutLine(text: string, missing = 0): string {
  const left = missing + Math.max(0, text.length - mostLineCharacters);
  return left === 0
    ? text
    : `${text.slice(0, mostLineCharacters)} … (${String(left)} more characters of this line are not shown)`;
}
