import { agentIdentities } from '../ssh-adapter.js';
import type { Identity, PrivateKey } from './connection.js';
import { identityOf, readKeyFile, unlock } from './key-files.js';
import type { AskPassphrase, KeyFile } from './key-files.js';
import type { LineSecrets } from './secrets.js';
import type { SshSettings } from './settings.js';

export type IdentityList = {
  readonly identities: readonly Identity[];
  /** What could not be used, for the message when nothing lets us in. */
  readonly notes: readonly string[];
};

/**
 * In OpenSSH's order: the agent's keys that the configuration names, the agent's others, then keys from files only.
 * `IdentitiesOnly` leaves the agent's others out, so that a server with few attempts is not filled with them.
 */
export async function listIdentities(
  settings: SshSettings,
  secrets: LineSecrets,
  ask: AskPassphrase,
  signal: AbortSignal,
): Promise<IdentityList> {
  const read = await Promise.all(settings.identityFiles.map((file) => readKeyFile(file)));
  const files = read.filter((file) => file !== null);
  const { agent, notes } = await askAgent(settings.agentSocket);
  const named = files.flatMap(({ publicKey }) => agent.filter(isKey(publicKey)));
  const others = settings.identitiesOnly ? [] : agent.filter((key) => !named.includes(key));
  const fromFiles: Identity[] = [];
  for (const file of files) {
    const isWithAgent = named.some(isKey(file.publicKey));
    const identity = isWithAgent ? null : await fileIdentity(file, secrets, ask, signal);
    if (identity !== null) {
      fromFiles.push(identity);
    }
  }
  const unusable = files.filter(({ text, publicKey }) => text !== null && publicKey === null);
  return {
    identities: [...new Set([...named, ...others, ...fromFiles])],
    notes: [
      ...notes,
      ...unusable
        .filter(({ file }) => fromFiles.every(({ label }) => label !== file))
        .map(({ file }) => `${file} is no key that can be used`),
    ],
  };
}

const isKey =
  (publicKey: Buffer | null) =>
  (identity: Identity): boolean =>
    publicKey?.equals(identity.publicKey) === true;

async function askAgent(
  socket: string | null,
): Promise<{ agent: readonly Identity[]; notes: readonly string[] }> {
  if (socket === null) {
    return { agent: [], notes: [] };
  }
  try {
    return { agent: await agentIdentities(socket), notes: [] };
  } catch {
    return { agent: [], notes: [`the agent at ${socket} did not answer`] };
  }
}

/** The passphrase is asked for only once the server wants the key, unless the file shows nothing without it. */
async function fileIdentity(
  file: KeyFile,
  secrets: LineSecrets,
  ask: AskPassphrase,
  signal: AbortSignal,
): Promise<Identity | null> {
  if (file.text === null) {
    return null;
  }
  const open = (now: AbortSignal): Promise<PrivateKey> =>
    secrets.key(file.file, () => unlock(file, ask, now));
  if (file.publicKey !== null) {
    return identityOf(file, file.publicKey, open);
  }
  if (!file.isEncrypted) {
    return null;
  }
  const opened = await open(signal).catch((thrown: unknown) => {
    if (signal.aborted) {
      throw thrown;
    }
    return null;
  });
  return opened === null ? null : identityOf(file, opened.publicKey, open);
}
