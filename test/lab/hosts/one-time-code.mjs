import { createHmac } from 'node:crypto';
import { readSecrets } from './host-keys.mjs';

/**
 * The next one-time code that a machine of the kind `code` will take from an account. Each is good once.
 * @param {import('./machine.mjs').Machine} machine
 * @param {'code' | 'keycode'} account
 */
export async function nextCode(machine, account) {
  const line = await machine.run('grep', `HOTP\\s${account}\\s`, '/etc/users.oath');
  const last = line.split(/\s+/u)[4];
  return codeAt(readSecrets().codeSecret, last === undefined ? 0 : Number(last) + 1);
}

/** RFC 4226, six digits. @param {string} secret in hexadecimal @param {number} counter */
function codeAt(secret, counter) {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const digest = createHmac('sha1', Buffer.from(secret, 'hex')).update(message).digest();
  const offset = (digest.at(-1) ?? 0) & 0x0f;
  const number = (digest.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000;
  return String(number).padStart(6, '0');
}
