/** Every password that the lab made, in a list of its own, so that a search after the tests knows all of them. */
import { appendFileSync, chownSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { labHome } from './places.mjs';

/** The account as which the window is tested is told where the list is: its own lab lies elsewhere. */
export const list = process.env['LASTGOOD_TEST_PASSWORDS'] ?? join(labHome, 'known-passwords');

/**
 * @param {readonly string[]} passwords
 * @param {{ uid: number, gid: number } | null} account that searches too, when the window is tested
 */
export function rememberPasswords(passwords, account) {
  const known = new Set(knownPasswords());
  const fresh = passwords.filter((one) => !known.has(one));
  if (fresh.length === 0) {
    return;
  }
  mkdirSync(dirname(list), { recursive: true });
  // A line each, appended whole: several tests may make a server at the same time.
  appendFileSync(list, fresh.map((one) => `${JSON.stringify(one)}\n`).join(''), { mode: 0o600 });
  if (account !== null) {
    chownSync(list, account.uid, account.gid);
  }
}

/** @returns {readonly string[]} */
export const knownPasswords = () =>
  existsSync(list)
    ? readFileSync(list, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line))
    : [];
