/** Control sequences for colours, cursor and window titles. */
const escapes =
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[PX^_][^\u001b]*(?:\u001b\\)?|[ -/]*[0-~])/g;
/** What is left of them must not reach the screen either. */
const controls = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** A log line as it is read: without colours and cursor games; of a line drawn over, what was drawn last. */
export function plainText(line: string): string {
  const bare = line.replaceAll(escapes, '').replace(/\r+$/, '');
  return bare
    .slice(bare.lastIndexOf('\r') + 1)
    .replaceAll(controls, '')
    .replaceAll('\t', '    ');
}
