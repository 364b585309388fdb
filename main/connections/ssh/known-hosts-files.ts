import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../shared/errors/app-error.js';
import { formatKnownHost, isHashed, judgeKey, parseKnownHosts } from './known-hosts.js';
import type { KnownHost } from './known-hosts.js';

export type KnownHostsFiles = {
  /** The operator's own; the first one takes new keys. */
  readonly user: readonly string[];
  readonly global: readonly string[];
  /** The SSH configuration asks for hashed names. */
  readonly isHashing: boolean;
};

/** HOST_KNOWN_HOSTS_UNREADABLE for a file that is there and cannot be read: it may hold what speaks against a key. */
export async function readKnownHosts(files: KnownHostsFiles): Promise<readonly KnownHost[]> {
  const lists = await Promise.all([...files.user, ...files.global].map(readList));
  return lists.flat();
}

/** Writes an accepted key into the operator's first file: 0600 where it is new, hashed where the file is. */
export async function rememberKey(
  files: KnownHostsFiles,
  name: string,
  key: Buffer,
): Promise<void> {
  const file = files.user[0];
  if (file === undefined) {
    throw new AppError(
      'HOST_KNOWN_HOSTS_UNWRITABLE',
      'The SSH configuration names no UserKnownHostsFile to keep the key in.',
    );
  }
  const entries = await readList(file);
  if (judgeKey(entries, name, key).status === 'known') {
    return;
  }
  try {
    await append(file, formatKnownHost(name, key, files.isHashing || isHashed(entries)));
  } catch (cause) {
    throw new AppError(
      'HOST_KNOWN_HOSTS_UNWRITABLE',
      `The key could not be added to ${file} (${codeOf(cause)}).`,
      { cause },
    );
  }
}

async function readList(file: string): Promise<readonly KnownHost[]> {
  try {
    return parseKnownHosts(await readFile(file, 'utf8'), file);
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') {
      return [];
    }
    throw new AppError(
      'HOST_KNOWN_HOSTS_UNREADABLE',
      `${file} could not be read (${codeOf(cause)}).`,
      { cause },
    );
  }
}

async function append(file: string, line: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(file, 'a+', 0o600);
  try {
    // A last line without its end would swallow the new one.
    const { size } = await handle.stat();
    const last = size === 0 ? '\n' : (await handle.read(Buffer.alloc(1), 0, 1, size - 1)).buffer;
    await handle.appendFile(last.toString() === '\n' ? line : `\n${line}`);
    await handle.sync().catch(() => undefined);
  } finally {
    await handle.close();
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string'
    ? cause.code
    : 'unknown fault';
}
