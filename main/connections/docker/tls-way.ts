import { readFile } from 'node:fs/promises';
import { connect as connectPlain, isIP } from 'node:net';
import path from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { AppError } from '../../../shared/errors/app-error.js';
import { describeWay, formatPlace } from '../../../shared/runbook/engine-way.js';
import type { EngineWay, TlsFiles } from '../../../shared/runbook/engine-way.js';
import type { EngineConnector } from './way.js';
import { whenConnected } from './when-connected.js';

type TcpWay = Extract<EngineWay, { kind: 'tcp' }>;

/** A port on the network. Who listens there is verified by certificate and name; unencrypted only this computer. */
export function tcpEngine(way: TcpWay, home: string): EngineConnector {
  const { host, port, tls } = way;
  return {
    label: formatPlace(way),
    mostConnections: Number.POSITIVE_INFINITY,
    ready: () => Promise.resolve(),
    connect: async (signal) => {
      if (tls === null) {
        return whenConnected(connectPlain({ host, port }), 'connect', signal);
      }
      const files = await readTlsFiles(tls, home);
      const { connect: connectTls } = await import('node:tls');
      try {
        return await whenConnected(
          connectTls({
            ...files,
            host,
            port,
            ...(isIP(host) === 0 ? { servername: host } : {}),
            ALPNProtocols: ['http/1.1'],
            minVersion: 'TLSv1.2',
            // Said again, because a variable of the environment can turn it off otherwise.
            rejectUnauthorized: true,
          }),
          'secureConnect',
          signal,
        );
      } catch (thrown) {
        throw toTlsError(thrown, describeWay(way));
      }
    },
  };
}

async function readTlsFiles(
  files: TlsFiles,
  home: string,
): Promise<Pick<ConnectionOptions, 'ca' | 'cert' | 'key'>> {
  const read = async (name: keyof TlsFiles): Promise<Partial<Record<keyof TlsFiles, Buffer>>> => {
    const file = files[name];
    if (file === undefined) {
      return {};
    }
    const full = file.startsWith('~/') ? path.join(home, file.slice(2)) : file;
    try {
      return { [name]: await readFile(full) };
    } catch (thrown) {
      throw new AppError(
        'DOCKER_WAY_UNUSABLE',
        `The ${words[name]} ${full} cannot be read (${codeOf(thrown) || 'no reason given'}).`,
        { cause: thrown },
      );
    }
  };
  const [ca, cert, key] = await Promise.all([read('ca'), read('cert'), read('key')]);
  return { ...ca, ...cert, ...key };
}

const words = { ca: 'certificate authority', cert: 'certificate', key: 'key' } as const;

// Stable codes of OpenSSL and Node; whatever is none of them is the network's own.
const notVerified =
  /^(?:ERR_TLS_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_CA|EPROTO|ERR_SSL_|ERR_OSSL_)/;

function toTlsError(thrown: unknown, place: string): unknown {
  const code = codeOf(thrown);
  if (!notVerified.test(code)) {
    return thrown;
  }
  const said = thrown instanceof Error ? thrown.message.split('\n')[0] : '';
  return new AppError('DOCKER_CERTIFICATE_REFUSED', `${place}: ${said ?? ''} (${code}).`, {
    cause: thrown,
  });
}

export function codeOf(thrown: unknown): string {
  const code: unknown = thrown instanceof Error ? Reflect.get(thrown, 'code') : undefined;
  return typeof code === 'string' ? code : '';
}
