import { bad } from './parsing.js';
import type { NotRun } from './parsing.js';

/** What a command that reaches hosts takes besides its own. */
export type HostOptions = {
  /** Fingerprints of keys that are trusted though nobody has met them yet. */
  readonly acceptedKeys: readonly string[];
  /** Why a lock that another console holds may be broken; null: it may not. */
  readonly breakLock: string | null;
};

export const noHostOptions: HostOptions = { acceptedKeys: [], breakLock: null };

export const hostOptions = {
  'accept-host-key': { type: 'string', multiple: true, default: [] as string[] },
  'break-lock': { type: 'string' },
} as const;

export const hostHelp = `  --accept-host-key F  trust a host that is not known yet if its key has this fingerprint: SHA256:…
  --break-lock REASON  break the lock that another console holds on the environment, with the reason`;

export function readHostOptions(values: {
  readonly 'accept-host-key': readonly string[];
  readonly 'break-lock'?: string | undefined;
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
  return { acceptedKeys, breakLock: reason?.trim() ?? null };
}
