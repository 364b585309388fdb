/**
 * Text of people and of logs inside Markdown: nothing in it may become a heading, a link, markup or the end of a table
 * cell. Control characters go, line breaks become `<br>`.
 */
export function inline(text: string): string {
  return withoutControls(text)
    .trim()
    .replaceAll(/[\\`*_{}[\]<>#|~!&]/g, '\\$&')
    .replaceAll(/^(\d*)([-+.)])(?=\s|$)/gm, '$1\\$2')
    .replaceAll('://', '\\://')
    .replaceAll(/\r\n|\r|\n/g, '<br>');
}

/** Longer than any fence inside, so that the text cannot end its own block. */
export function block(text: string): string {
  const clean = withoutControls(text).trimEnd();
  const longest = Math.max(2, ...[...clean.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${clean}\n${fence}`;
}

export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

/** Also takes out what would turn the direction of writing or hide letters. */
function withoutControls(text: string): string {
  return text
    .replaceAll(/\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g, '')
    .replaceAll(
      /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g,
      '',
    );
}
