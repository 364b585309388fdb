/** Some small servers take no longer commands, and an argument is no place for much. */
const maxBytes = 8_000;

/**
 * A script as one command line, which any account's shell hands on as it is: within single quotes fish still reads two
 * backslashes as one, and csh reads `!` and the end of a line, so those are written as numbers, and so is what is not
 * ASCII. The script is read to its end before anything of it runs. Null where it is too long.
 */
export function seenCommand(script: Uint8Array): string | null {
  const words = Array.from(script, (byte) =>
    isPlain(byte) ? String.fromCharCode(byte) : `\\0${byte.toString(8).padStart(3, '0')}`,
  ).join('');
  return words.length > maxBytes
    ? null
    : `exec sh -c 'eval "$(printf %b "$1")"' lastgood '${words}'`;
}

const special: ReadonlySet<number> = new Set(Buffer.from(`'!\\`));

const isPlain = (byte: number): boolean => byte >= 0x20 && byte < 0x7f && !special.has(byte);
