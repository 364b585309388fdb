import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { matchesPatternList } from './host-patterns.js';

/** One line of a known_hosts file that holds a key. */
export type KnownHost = {
  readonly marker: 'none' | 'revoked' | 'cert-authority';
  /** As written: a comma list of names and patterns, or one hashed name. */
  readonly hosts: string;
  readonly keyType: string;
  readonly key: Buffer;
  /** `file:line`, for the operator who must look at it. */
  readonly where: string;
};

export type KeyVerdict =
  | { readonly status: 'known'; readonly where: string }
  | { readonly status: 'unknown' }
  | { readonly status: 'changed'; readonly known: readonly KnownHost[] }
  | { readonly status: 'revoked'; readonly where: string }
  /** Only a certificate authority speaks for this name. */
  | { readonly status: 'authority-only'; readonly where: string };

const markers: Readonly<Record<string, KnownHost['marker']>> = {
  '@revoked': 'revoked',
  '@cert-authority': 'cert-authority',
};

/** Lines that hold no usable key are passed over, as OpenSSH does: they can never make a key trusted. */
export function parseKnownHosts(text: string, file: string): readonly KnownHost[] {
  return text
    .split('\n')
    .map((line, index) => parseLine(line, `${file}:${index + 1}`))
    .filter((entry) => entry !== null);
}

function parseLine(line: string, where: string): KnownHost | null {
  const words = line.trim().split(/[ \t]+/);
  const marker = words[0]?.startsWith('@') === true ? markers[words.shift() ?? ''] : 'none';
  const [hosts, keyType, encoded] = words;
  if (marker === undefined || hosts === undefined || hosts === '' || hosts.startsWith('#')) {
    return null;
  }
  if (keyType === undefined || encoded === undefined) {
    return null;
  }
  const key = Buffer.from(encoded, 'base64');
  return keyTypeOf(key) === keyType ? { marker, hosts, keyType, key, where } : null;
}

/** The name under which a host is looked up and written. */
export function knownHostName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

export function entriesFor(entries: readonly KnownHost[], name: string): readonly KnownHost[] {
  return entries.filter(({ hosts }) => matchesHosts(hosts, name));
}

/**
 * What the lists say about a key that answers under `name`. A revoked key is refused whatever else is known. `bareName`
 * is the name without its port: an old list may know the host by that, but only the very same key counts then.
 */
export function judgeKey(
  entries: readonly KnownHost[],
  name: string,
  key: Buffer,
  bareName: string | null = null,
): KeyVerdict {
  const named = entriesFor(entries, name);
  const bare = bareName === null ? [] : entriesFor(entries, bareName);
  const isSame = (entry: KnownHost): boolean => entry.key.equals(key);
  const revoked = [...named, ...bare].find((entry) => entry.marker === 'revoked' && isSame(entry));
  if (revoked !== undefined) {
    return { status: 'revoked', where: revoked.where };
  }
  const plain = named.filter(({ marker }) => marker === 'none');
  const same = plain.find(isSame);
  if (same !== undefined) {
    return { status: 'known', where: same.where };
  }
  if (plain.length > 0) {
    return { status: 'changed', known: plain };
  }
  const authority = named.find(({ marker }) => marker === 'cert-authority');
  if (authority !== undefined) {
    return { status: 'authority-only', where: authority.where };
  }
  const sameBare = bare.find((entry) => entry.marker === 'none' && isSame(entry));
  return sameBare === undefined
    ? { status: 'unknown' }
    : { status: 'known', where: sameBare.where };
}

/** Key types the lists hold for a name: asked for first, so that a key of another type is not taken for a changed one. */
export function knownKeyTypes(entries: readonly KnownHost[], name: string): readonly string[] {
  const plain = entriesFor(entries, name).filter(({ marker }) => marker === 'none');
  return [...new Set(plain.map(({ keyType }) => keyType))];
}

/** A list with one hashed name is one whose owner does not want names in it. */
export function isHashed(entries: readonly KnownHost[]): boolean {
  return entries.some(({ hosts }) => hosts.startsWith('|1|'));
}

export function formatKnownHost(name: string, key: Buffer, hashed: boolean): string {
  const hosts = hashed ? hashHost(name, randomBytes(20)) : name;
  return `${hosts} ${keyTypeOf(key) ?? ''} ${key.toString('base64')}\n`;
}

/** As `ssh-keygen -l` prints it. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The first field of a key in SSH's own form; null when that is not what it is. */
export function keyTypeOf(key: Buffer): string | null {
  if (key.length < 5) {
    return null;
  }
  const end = 4 + key.readUInt32BE(0);
  return end < key.length ? key.toString('latin1', 4, end) : null;
}

function hashHost(name: string, salt: Buffer): string {
  const hash = createHmac('sha1', salt).update(name).digest('base64');
  return `|1|${salt.toString('base64')}|${hash}`;
}

function matchesHosts(hosts: string, name: string): boolean {
  if (!hosts.startsWith('|')) {
    return matchesPatternList(hosts, name);
  }
  const [, version, salt, hash] = hosts.split('|');
  if (version !== '1' || salt === undefined || hash === undefined) {
    return false;
  }
  const wanted = Buffer.from(hash, 'base64');
  const found = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  return wanted.length === found.length && timingSafeEqual(wanted, found);
}
