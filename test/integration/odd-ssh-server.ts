import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { Server, utils } from 'ssh2';
import type { AuthContext, Connection, KeyboardAuthContext, ParsedKey, ServerChannel } from 'ssh2';

export type OddSshServer = {
  readonly port: number;
  /** The ways that were tried, in order, with the key's comment or the answers. */
  readonly tried: readonly string[];
  /** Cuts every connection without a goodbye. */
  readonly cut: () => void;
  readonly stop: () => Promise<void>;
};

export type OddOptions = {
  readonly hostKey: string;
  readonly authenticate: (context: AuthContext, tried: string[]) => void;
  readonly exec?: (command: string, channel: ServerChannel) => void;
};

/** For what Debian's sshd does not do without a system behind it: passwords, codes, second factors, silence. */
export async function startOddServer(options: OddOptions): Promise<OddSshServer> {
  const tried: string[] = [];
  const connections = new Set<Connection>();
  const server = new Server({ hostKeys: [readFileSync(options.hostKey)] }, (client) => {
    connections.add(client);
    client.on('error', () => undefined);
    client.on('close', () => connections.delete(client));
    client.on('authentication', (context) => {
      options.authenticate(context, tried);
    });
    client.on('session', (accept) => {
      accept().on('exec', (acceptExec, _reject, { command }) => {
        const channel = acceptExec();
        if (options.exec === undefined) {
          channel.exit(0);
          channel.end();
        } else {
          options.exec(command, channel);
        }
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    for (const connection of connections) {
      (connection as unknown as { _sock: { destroy(): void } })._sock.destroy();
    }
  };
  return {
    port: (server.address() as AddressInfo).port,
    tried,
    cut,
    stop: async () => {
      cut();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

/** Whether a public key attempt is by this key, and proven where it brings a signature. */
export function isProvenBy(context: AuthContext, keyFile: string): boolean {
  if (context.method !== 'publickey') {
    return false;
  }
  const key = utils.parseKey(readFileSync(`${keyFile}.pub`)) as ParsedKey;
  if (!key.getPublicSSH().equals(context.key.data)) {
    return false;
  }
  return (
    context.signature === undefined ||
    (context.blob !== undefined && key.verify(context.blob, context.signature, context.hashAlgo))
  );
}

export function ask(
  context: KeyboardAuthContext,
  title: string,
  prompts: readonly { prompt: string; echo: boolean }[],
  answered: (answers: readonly string[]) => void,
): void {
  context.prompt([...prompts], title, 'Look at your phone.', (answers) => {
    answered(answers);
  });
}
