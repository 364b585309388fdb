import { readFile } from 'node:fs/promises';
import { AppError } from '../../../shared/errors/app-error.js';
import { readPrivateKey } from '../ssh-adapter.js';
import type { Identity, PrivateKey } from './connection.js';
import { keyTypeOf } from './known-hosts.js';

const magic = 'openssh-key-v1\0';
const sshFile = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END/;

/** A private key's file: what can be shown of it before anybody types a passphrase. */
export type KeyFile = {
  readonly file: string;
  readonly isEncrypted: boolean;
  /** Null where only the passphrase would tell. */
  readonly publicKey: Buffer | null;
  /** Null where the file holds the public half only, to choose a key of the agent. */
  readonly text: string | null;
};

/** Null when there is no such file: the usual names are offered whether they exist or not. */
export async function readKeyFile(file: string): Promise<KeyFile | null> {
  const [text, beside] = await Promise.all([readOrNull(file), readOrNull(`${file}.pub`)]);
  const publicKey = beside === null ? null : readPublicLine(beside);
  if (text === null) {
    return publicKey === null ? null : { file, isEncrypted: false, publicKey, text: null };
  }
  const own = readPublicLine(text);
  if (own !== null) {
    return { file, isEncrypted: false, publicKey: own, text: null };
  }
  const header = readHeader(text);
  const isEncrypted = header === null ? text.includes('ENCRYPTED') : header.isEncrypted;
  const open = isEncrypted ? null : readPrivateKey(text, null);
  return { file, isEncrypted, publicKey: open?.publicKey ?? header?.publicKey ?? publicKey, text };
}

/** The passphrase for a key, asked for; null when the operator gives none. `attempt` counts from 1. */
export type AskPassphrase = (
  file: string,
  attempt: number,
  signal: AbortSignal,
) => Promise<string | null>;

const mostAttempts = 3;

/** Asks for a passphrase where one is needed. HOST_KEY_FILE_UNUSABLE when the key stays closed. */
export async function unlock(
  { file, text, isEncrypted }: KeyFile,
  ask: AskPassphrase,
  signal: AbortSignal,
): Promise<PrivateKey> {
  const open = text === null || isEncrypted ? null : readPrivateKey(text, null);
  if (open !== null) {
    return open;
  }
  if (text === null || !isEncrypted) {
    throw new AppError('HOST_KEY_FILE_UNUSABLE', `${file} holds no private key that can be read.`);
  }
  for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
    const passphrase = await ask(file, attempt, signal);
    const key = passphrase === null ? null : readPrivateKey(text, passphrase);
    if (key !== null) {
      return key;
    }
    if (passphrase === null) {
      break;
    }
  }
  throw new AppError('HOST_KEY_FILE_UNUSABLE', `${file} was not opened by a passphrase.`);
}

/** `open` keeps what was opened, so that one passphrase is asked for once. */
export function identityOf(
  { file }: KeyFile,
  publicKey: Buffer,
  open: (signal: AbortSignal) => Promise<PrivateKey>,
): Identity {
  return {
    label: file,
    publicKey,
    sign: async (data, hash, signal) => (await open(signal)).sign(data, hash),
  };
}

function readPublicLine(text: string): Buffer | null {
  const [type, encoded] = text.trim().split(/\s+/);
  if (type === undefined || encoded === undefined || type.startsWith('-')) {
    return null;
  }
  const key = Buffer.from(encoded, 'base64');
  return keyTypeOf(key) === type ? key : null;
}

/** OpenSSH's own form keeps the public half in clear before the locked part. */
function readHeader(text: string): { isEncrypted: boolean; publicKey: Buffer | null } | null {
  const body = Buffer.from(sshFile.exec(text)?.[1] ?? '', 'base64');
  if (body.toString('latin1', 0, magic.length) !== magic) {
    return null;
  }
  try {
    let at = magic.length;
    const next = (): Buffer => {
      const length = body.readUInt32BE(at);
      at += 4 + length;
      return body.subarray(at - length, at);
    };
    const cipher = next().toString('latin1');
    next();
    next();
    at += 4;
    const publicKey = next();
    return {
      isEncrypted: cipher !== 'none',
      publicKey: keyTypeOf(publicKey) === null ? null : publicKey,
    };
  } catch {
    return null;
  }
}

async function readOrNull(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return null;
  }
}
