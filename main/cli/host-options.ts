import { bad } from './parsing.js';
import { readPasswordFiles } from './password-files.js';
import type { NotRun } from './parsing.js';

/** What a command that reaches hosts takes besides its own. */
export type HostOptions = {
  /** Fingerprints of keys that are trusted though nobody has met them yet. */
  readonly acceptedKeys: readonly string[];
  /** Why a lock that another console holds may be broken; null: it may not. */
  readonly breakLock: string | null;
  /** Of databases, by the name of the secret. */
  readonly passwords: ReadonlyMap<string, string>;
};

export const noHostOptions: HostOptions = {
  acceptedKeys: [],
  breakLock: null,
  passwords: new Map(),
};

export const hostOptions = {
  'accept-host-key': { type: 'string', multiple: true, default: [] as string[] },
  'break-lock': { type: 'string' },
  'password-file': { type: 'string', multiple: true, default: [] as string[] },
} as const;

export const hostHelp = `  --accept-host-key F  trust a host that is not known yet if its key has this fingerprint: SHA256:…
  --break-lock REASON  break the lock that another console holds on the environment, with the reason
  --password-file NAME=FILE  read the password of a database from the first line of a file that only you may read`;

export function readHostOptions(values: {
  readonly 'accept-host-key': readonly string[];
  readonly 'break-lock'?: string | undefined;
  readonly 'password-file': readonly string[];
}): HostOptions | NotRun {
  const acceptedKeys = values['accept-host-key'];
  const wrong = acceptedKeys.find((key) => !/^SHA256:[A-Za-z0-9+/]{43}$/.test(key));
  if (wrong !== undefined) {
    return bad(`--accept-host-key ${wrong} is not a fingerprint. ssh-keygen -lf prints SHA256:….`);
  }
  const reason = values['break-lock'];
  if (reason?.trim() === '') {
    return bad('--break-lock says no reason.');
  }
  const passwords = readPasswordFiles(values['password-file']);
  if ('type' in passwords) {
    return passwords;
  }
  return { acceptedKeys, breakLock: reason?.trim() ?? null, passwords };
}
