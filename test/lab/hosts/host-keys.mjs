/** The keys and passwords of the lab's machines: made at the first start, kept outside the checkout. */
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { run } from '../command.mjs';
import { rememberPasswords } from '../known-passwords.mjs';
import { hosts, isRoot } from '../places.mjs';

/** Each machine shows itself by keys of its own; `changed` is what a machine shows when somebody set it up anew. */
export const keyRings = ['app', 'bastion', 'code', 'strict', 'changed'];

/**
 * @typedef {object} Secrets
 * @property {string} carefulPassword for sudo
 * @property {string} typistPassword for the login
 * @property {string} codePassword for the login, before the one-time code
 * @property {string} codeSecret of the one-time codes, in hexadecimal
 * @property {string} passphrase of the key file `id_locked`
 * @property {Record<string, string>} machineIds by key ring
 */

const place = (/** @type {string[]} */ ...parts) => join(hosts.keys, ...parts);
const secretsFile = place('secrets.json');

/** What clients need; it belongs to the account as which the window is tested, and root may read it too. */
export const clientFolder = place('client');
export const clientFile = (/** @type {string} */ name) => join(clientFolder, name);

/**
 * @param {{ uid: number, gid: number } | null} account that must be able to read the client's files
 * @returns {Promise<Secrets>}
 */
export async function ensureKeys(account) {
  if (!existsSync(secretsFile)) {
    mkdirSync(clientFolder, { recursive: true, mode: 0o755 });
    const secrets = newSecrets();
    await makeClientKeys(secrets.passphrase);
    await makeHostKeys();
    // Last: where it exists, everything before it was finished.
    writeFileSync(secretsFile, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  }
  const { carefulPassword, typistPassword, codePassword, codeSecret, passphrase } = readSecrets();
  rememberPasswords(
    [carefulPassword, typistPassword, codePassword, codeSecret, passphrase],
    isRoot ? account : null,
  );
  if (isRoot && account !== null) {
    const files = readdirSync(clientFolder).map((name) => clientFile(name));
    for (const file of [clientFolder, secretsFile, ...files]) {
      chownSync(file, account.uid, account.gid);
    }
  }
  return readSecrets();
}

/** What an earlier call of ensureKeys made. @returns {Secrets} */
export const readSecrets = () => JSON.parse(readFileSync(secretsFile, 'utf8'));

/** @returns {Secrets} */
function newSecrets() {
  // Spaces, quotes and a dollar sign, because a password is data wherever it passes.
  const password = () => `${randomBytes(6).toString('hex')} '"$HOME\\`;
  return {
    carefulPassword: password(),
    typistPassword: password(),
    codePassword: password(),
    codeSecret: randomBytes(20).toString('hex'),
    passphrase: password(),
    machineIds: Object.fromEntries(keyRings.map((ring) => [ring, randomBytes(16).toString('hex')])),
  };
}

/** @param {string} passphrase */
async function makeClientKeys(passphrase) {
  await makeKey(clientFile('id_lab'), 'ed25519');
  await makeKey(clientFile('id_locked'), 'ed25519', passphrase);
  await makeKey(clientFile('id_rsa'), 'rsa');
  await makeKey(clientFile('id_stranger'), 'ed25519');
  await makeKey(clientFile('id_certified'), 'ed25519');
  await makeKey(place('user-authority'), 'ed25519');
  const sign = ['-q', '-s', place('user-authority'), '-I', 'lab', '-n', 'deploy'];
  await run('ssh-keygen', [...sign, clientFile('id_certified.pub')]);
}

async function makeHostKeys() {
  for (const ring of keyRings) {
    mkdirSync(place('rings', ring), { recursive: true });
    await makeKey(place('rings', ring, 'ssh_host_ed25519_key'), 'ed25519');
    await makeKey(place('rings', ring, 'ssh_host_ecdsa_key'), 'ecdsa');
    await makeKey(place('rings', ring, 'ssh_host_rsa_key'), 'rsa');
  }
}

/** @param {string} file @param {string} type @param {string} [passphrase] */
async function makeKey(file, type, passphrase = '') {
  if (!existsSync(file)) {
    await run('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', 'lab', '-f', file]);
  }
}

/** The keys with which the lab's accounts may log in. */
export const authorizedKeys = () =>
  ['id_lab', 'id_locked', 'id_rsa']
    .map((name) => readFileSync(clientFile(`${name}.pub`), 'utf8'))
    .join('');

/** Type and key of each kind, as known_hosts writes them. @param {string} ring */
export function hostKeyLines(ring) {
  return ['ed25519', 'ecdsa', 'rsa'].map((type) => {
    const text = readFileSync(place('rings', ring, `ssh_host_${type}_key.pub`), 'utf8');
    return text.split(' ').slice(0, 2).join(' ');
  });
}

/**
 * Everything that goes into the image, by its path below `keys/`.
 * @param {Secrets} secrets
 * @returns {Record<string, string>}
 */
export function imageKeys(secrets) {
  /** @type {Record<string, string>} */
  const files = {
    authorized_keys: authorizedKeys(),
    'user-authority.pub': readFileSync(place('user-authority.pub'), 'utf8'),
    passwords: [
      `CAREFUL_PASSWORD=${shellWord(secrets.carefulPassword)}`,
      `TYPIST_PASSWORD=${shellWord(secrets.typistPassword)}`,
      `CODE_PASSWORD=${shellWord(secrets.codePassword)}`,
      `CODE_SECRET=${secrets.codeSecret}\n`,
    ].join('\n'),
  };
  for (const ring of keyRings) {
    for (const name of readdirSync(place('rings', ring))) {
      files[`${ring}/${name}`] = readFileSync(place('rings', ring, name), 'utf8');
    }
  }
  return files;
}

/** @param {string} value */
const shellWord = (value) => `'${value.replaceAll("'", "'\\''")}'`;
