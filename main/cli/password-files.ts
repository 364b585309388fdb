import { readFileSync, statSync } from 'node:fs';
import process from 'node:process';
import { bad } from './parsing.js';
import type { NotRun } from './parsing.js';

const othersMayRead = 0o077;

/** `NAME=FILE` of each; a file that anybody else may read is refused, because then the password is no secret any more. */
export function readPasswordFiles(given: readonly string[]): ReadonlyMap<string, string> | NotRun {
  const passwords = new Map<string, string>();
  for (const text of given) {
    const [, name = '', file = ''] = /^([a-z0-9][a-z0-9-]*)=(.+)$/u.exec(text) ?? [];
    if (name === '') {
      return bad(
        '--password-file wants NAME=FILE, with the name of the database or of its secret.',
      );
    }
    const password = readFile(file);
    if (typeof password !== 'string') {
      return password;
    }
    passwords.set(name, password);
  }
  return passwords;
}

function readFile(file: string): string | NotRun {
  try {
    // Windows knows no such mode: there it is the folder's rights that count.
    if (process.platform !== 'win32' && (statSync(file).mode & othersMayRead) !== 0) {
      return bad(
        `--password-file: others may read ${file}. Make it yours alone: chmod 600 ${file}`,
      );
    }
    const [line = ''] = readFileSync(file, 'utf8').split(/\r?\n/u);
    return line === '' ? bad(`--password-file: the first line of ${file} is empty.`) : line;
  } catch {
    return bad(`--password-file: ${file} cannot be read.`);
  }
}
