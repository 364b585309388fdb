import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Questions } from '../questions.js';
import { acceptUnknownKey, knownKeysOf, requireKnownKey } from './host-keys.js';
import { entriesFor, parseKnownHosts } from './known-hosts.js';
import type { Hop } from './plan.js';
import { stopped } from './ssh-errors.js';
import { readFailure } from './system-log.js';
import { runQuietly, takeLog } from './system-process.js';
import { probeWords, wordsTo } from './system-words.js';
import type { SystemWords } from './system-words.js';

export type HostKeyCheck = {
  readonly system: SystemWords;
  readonly questions: Questions;
  readonly folder: string;
};

/**
 * Asks about each hop that nothing is known of yet, before the program is let loose: it then connects only to keys that
 * are written down, and does the comparing itself, certificates too.
 */
export async function learnHostKeys(
  hops: readonly Hop[],
  check: HostKeyCheck,
  signal: AbortSignal,
): Promise<void> {
  for (const [index, hop] of hops.entries()) {
    const known = await knownKeysOf(hop, []);
    if (entriesFor(known, hop.knownName).length > 0) {
      continue;
    }
    const key = await probeKey(hops.slice(0, index + 1), check, signal);
    try {
      requireKnownKey(hop, known, key);
    } catch (thrown) {
      if (!isUnknown(thrown)) {
        throw thrown;
      }
      await acceptUnknownKey(hop, key, check.questions, signal);
    }
  }
}

function isUnknown(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'HOST_KEY_UNKNOWN';
}

/** The key the last hop shows, taken down into a list of its own that nobody trusts. */
async function probeKey(
  hops: readonly Hop[],
  { system, folder }: HostKeyCheck,
  signal: AbortSignal,
): Promise<Buffer> {
  const list = path.join(folder, 'offered');
  const log = path.join(folder, 'probe.log');
  await rm(list, { force: true });
  const words = wordsTo(hops, system, [...probeWords(list), '-T', '-E', log]);
  await runQuietly(system.program, words, signal);
  const said = await takeLog(log);
  const label = hops.at(-1)?.label ?? '';
  if (signal.aborted) {
    throw stopped(label);
  }
  const offered = parseKnownHosts(await readFile(list, 'utf8').catch(() => ''), list)[0];
  if (offered === undefined) {
    throw readFailure(label, said);
  }
  return offered.key;
}
