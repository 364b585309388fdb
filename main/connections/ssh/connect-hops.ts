import type { Duplex } from 'node:stream';
import { AppError } from '../../../shared/errors/app-error.js';
import type { Questions } from '../questions.js';
import { dial } from '../ssh-adapter.js';
import type { Keepalive, SshConnection } from './connection.js';
import { endAll } from './end-all.js';
import { acceptUnknownKey, knownKeysOf, requireKnownKey } from './host-keys.js';
import type { KnownHost } from './known-hosts.js';
import { fingerprintOf, knownKeyTypes } from './known-hosts.js';
import { OperatorLogin } from './login.js';
import type { Hop } from './plan.js';
import type { LineSecrets } from './secrets.js';

export type ConnectOptions = {
  readonly questions: Questions;
  readonly secrets: LineSecrets;
  /** Keys accepted while this line is kept; grows. */
  readonly accepted: KnownHost[];
  readonly keepalive: Keepalive;
  readonly connectTimeoutMs: number;
};

export type Connected = {
  /** From the first hop to the host. */
  readonly connections: readonly SshConnection[];
  readonly fingerprint: string;
};

/** Connects hop by hop, each one verified under its own name. On failure everything that was opened is ended. */
export async function connectHops(
  hops: readonly Hop[],
  options: ConnectOptions,
  signal: AbortSignal,
): Promise<Connected> {
  const connections: SshConnection[] = [];
  let fingerprint = '';
  try {
    for (const hop of hops) {
      const before = connections.at(-1);
      const through = before === undefined ? null : () => forward(before, hop);
      const { connection, key } = await connectHop(hop, through, options, signal);
      connections.push(connection);
      fingerprint = fingerprintOf(key);
    }
    return { connections, fingerprint };
  } catch (thrown) {
    endAll(connections);
    throw thrown;
  }
}

type HopConnection = { readonly connection: SshConnection; readonly key: Buffer };

/**
 * An unknown key ends the first try; the operator is asked while nothing is open, and the second try meets a key that
 * is known. So a person may think longer than the host would wait.
 */
async function connectHop(
  hop: Hop,
  through: (() => Promise<Duplex>) | null,
  options: ConnectOptions,
  signal: AbortSignal,
): Promise<HopConnection> {
  const offered: { key: Buffer | null } = { key: null };
  try {
    return await dialHop(hop, through, options, offered, signal);
  } catch (thrown) {
    const isUnknown = thrown instanceof AppError && thrown.code === 'HOST_KEY_UNKNOWN';
    if (!isUnknown || offered.key === null) {
      throw thrown;
    }
    options.accepted.push(await acceptUnknownKey(hop, offered.key, options.questions, signal));
    return dialHop(hop, through, options, offered, signal);
  }
}

async function dialHop(
  hop: Hop,
  through: (() => Promise<Duplex>) | null,
  options: ConnectOptions,
  offered: { key: Buffer | null },
  signal: AbortSignal,
): Promise<HopConnection> {
  const { label, settings } = hop;
  if (settings.hasProxyCommand) {
    throw new AppError(
      'SSH_CONFIG_INVALID',
      `${label} is reached by a ProxyCommand, which the built-in client does not start. Set \`client: system\` for this host.`,
    );
  }
  const known = await knownKeysOf(hop, options.accepted);
  const login = new OperatorLogin({
    label,
    settings,
    secrets: options.secrets,
    questions: options.questions,
  });
  const way = through === null ? {} : { through: await through() };
  const connection = await dial(
    {
      label,
      host: settings.hostName,
      port: settings.port,
      user: settings.user,
      family: settings.addressFamily,
      ...way,
      keyTypes: knownKeyTypes(known, hop.knownName),
      // A key may come again when the line is re-keyed, so each one is judged by what was known at the start.
      verify: (found) => {
        offered.key = Buffer.from(found);
        return Promise.resolve(requireKnownKey(hop, known, offered.key));
      },
      login,
      timeoutMs:
        settings.connectTimeoutSeconds === null
          ? options.connectTimeoutMs
          : settings.connectTimeoutSeconds * 1_000,
      keepalive: options.keepalive,
    },
    signal,
  );
  if (offered.key === null) {
    connection.end();
    throw new AppError('HOST_KEY_REFUSED', `${label} let us in without showing a key.`);
  }
  login.succeeded();
  return { connection, key: offered.key };
}

function forward(before: SshConnection, { settings }: Hop): Promise<Duplex> {
  return before.forward(settings.hostName, settings.port);
}
