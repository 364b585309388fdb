import { randomBytes } from 'node:crypto';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** 25 letters and digits, as everything in a swarm is called. */
export function swarmId(): string {
  return Array.from(randomBytes(25), (byte) => LETTERS[byte % LETTERS.length]).join('');
}
