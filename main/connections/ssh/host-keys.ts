import { AppError } from '../../../shared/errors/app-error.js';
import type { Questions } from '../questions.js';
import { fingerprintOf, judgeKey, keyTypeOf } from './known-hosts.js';
import type { KnownHost } from './known-hosts.js';
import { readKnownHosts, rememberKey } from './known-hosts-files.js';
import { addressOf, knownHostsFilesOf } from './plan.js';
import type { Hop } from './plan.js';

/** What is known of one hop before it is asked for its key. */
export type KnownKeys = readonly KnownHost[];

/** The lists as they are now, with what was accepted while this line is kept (a list may be one that keeps nothing). */
export async function knownKeysOf(hop: Hop, accepted: KnownKeys): Promise<KnownKeys> {
  return [...(await readKnownHosts(knownHostsFilesOf(hop))), ...accepted];
}

/**
 * Resolves only for a key that is known under the hop's name. HOST_KEY_UNKNOWN, HOST_KEY_CHANGED, HOST_KEY_REVOKED or
 * HOST_KEY_CA_UNSUPPORTED otherwise; asks nobody.
 */
export function requireKnownKey(hop: Hop, known: KnownKeys, key: Buffer): 'trusted' {
  const verdict = judgeKey(known, hop.knownName, key, hop.bareName);
  const shown = `${keyTypeOf(key) ?? 'a key'} ${fingerprintOf(key)}`;
  switch (verdict.status) {
    case 'known':
      return 'trusted';
    case 'revoked':
      throw new AppError(
        'HOST_KEY_REVOKED',
        `${hop.label} answers with ${shown}, which ${verdict.where} marks as revoked.`,
      );
    case 'authority-only':
      throw new AppError(
        'HOST_KEY_CA_UNSUPPORTED',
        `${hop.label} is known by a certificate authority only (${verdict.where}).`,
      );
    case 'changed': {
      const expected = verdict.known
        .map((entry) => `${entry.keyType} ${fingerprintOf(entry.key)} (${entry.where})`)
        .join(', ');
      throw new AppError(
        'HOST_KEY_CHANGED',
        `${hop.label} answers with ${shown}; known for ${hop.knownName}: ${expected}.`,
      );
    }
    case 'unknown':
      throw new AppError(
        'HOST_KEY_UNKNOWN',
        `${hop.label} answers with ${shown}, which is not known.`,
      );
  }
}

/** Asks whether to trust an unknown key, and writes it down. HOST_KEY_REFUSED for every answer but yes. */
export async function acceptUnknownKey(
  hop: Hop,
  key: Buffer,
  questions: Questions,
  signal: AbortSignal,
): Promise<KnownHost> {
  const fingerprint = fingerprintOf(key);
  const keyType = keyTypeOf(key) ?? '';
  if (hop.settings.refusesUnknownKeys) {
    throw new AppError(
      'HOST_KEY_UNKNOWN',
      `${hop.label} answers with ${keyType} ${fingerprint}, which is not known, and the SSH configuration says StrictHostKeyChecking yes.`,
    );
  }
  const address = addressOf(hop);
  const answer = await questions.ask(
    { kind: 'host-key', host: hop.label, address, keyType, fingerprint },
    signal,
  );
  if (answer.kind !== 'accept') {
    throw new AppError(
      'HOST_KEY_REFUSED',
      `${keyType} ${fingerprint} of ${hop.label} was refused.`,
    );
  }
  await rememberKey(knownHostsFilesOf(hop), hop.knownName, key);
  return { marker: 'none', hosts: hop.knownName, keyType, key, where: 'accepted just now' };
}
