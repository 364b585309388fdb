/** One word for a POSIX shell, whatever it holds. Plain words stay plain, so that commands read well. */
export function shellQuote(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

export function shellCommand(...words: readonly string[]): string {
  return words.map(shellQuote).join(' ');
}
