/** A host's words end up in a terminal, a journal and a page: no control characters, no flood. */
export function oneLine(text: string): string {
  const clean = text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();
  const shown = clean === '' ? 'it gave no reason' : clean;
  return shown.length > 500 ? `${shown.slice(0, 499)}…` : shown;
}
