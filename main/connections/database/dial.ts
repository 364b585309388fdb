import { readFile } from 'node:fs/promises';
import { connect as connectTcp, isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import type { connect, ConnectionOptions } from 'node:tls';
import { AppError } from '../../../shared/errors/app-error.js';
import type { DatabasePlace } from '../../../shared/runbook/database-address.js';
import { errorCodeOf } from './database-errors.js';

export type Dial = (host: string, port: number, signal: AbortSignal) => Promise<Duplex>;

/** Asks a PostgreSQL server for TLS: the length, then the code of the request. */
const tlsRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const keepAliveMs = 15_000;

/** Straight from this laptop. */
export const dialDirectly: Dial = (host, port, signal) =>
  new Promise((resolve, reject) => {
    const socket = connectTcp({ host, port, keepAlive: true, keepAliveInitialDelay: keepAliveMs });
    const stop = (): void => {
      socket.destroy(new Error('no answer in time'));
    };
    signal.addEventListener('abort', stop, { once: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      signal.removeEventListener('abort', stop);
      socket.off('error', reject);
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });

/**
 * A connection on which the server has been verified as `place.tls` says. The library is handed this and has no say in
 * TLS: what it would read from an address or the environment cannot weaken it.
 */
export async function dialVerified(
  name: string,
  place: DatabasePlace,
  ca: string | undefined,
  dial: Dial,
  signal: AbortSignal,
): Promise<Duplex> {
  if (place.tls === 'off') {
    return dial(place.host, place.port, signal);
  }
  const authorities = await readAuthorities(name, ca);
  // Loaded with the first connection that is secured, and before there is one that could be broken off meanwhile.
  const { connect: connectTls } = await import('node:tls');
  const raw = await dial(place.host, place.port, signal);
  try {
    if ((await askForTls(raw, signal)) !== 'S') {
      throw new AppError('DATABASE_TLS_REFUSED', `${name}: the server does not offer TLS.`);
    }
    return await secure(
      name,
      connectTls,
      { ...tlsOptions(place, authorities), socket: raw },
      signal,
    );
  } catch (thrown) {
    raw.destroy();
    throw thrown;
  }
}

function tlsOptions({ host, tls }: DatabasePlace, ca: string | undefined): ConnectionOptions {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(isIP(host) === 0 ? { servername: host } : {}),
    host,
    rejectUnauthorized: tls !== 'require',
    ...(tls === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
    ALPNProtocols: ['postgresql'],
  };
}

/** PEM as it stands, or the file that it names. */
export async function readAuthorities(
  name: string,
  ca: string | undefined,
): Promise<string | undefined> {
  if (ca === undefined || ca.includes('-----BEGIN CERTIFICATE-----')) {
    return ca;
  }
  try {
    return await readFile(ca, 'utf8');
  } catch (cause) {
    const text = `${name}: the certificate authority ${ca} cannot be read.`;
    throw new AppError('DATABASE_TLS_REFUSED', text, { cause });
  }
}

function askForTls(raw: Duplex, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const clear = (): void => {
      signal.removeEventListener('abort', stop);
      raw.off('error', fail).off('close', closed).off('data', hear);
    };
    const fail = (cause: Error): void => {
      clear();
      reject(cause);
    };
    const stop = (): void => {
      fail(new Error('no answer in time'));
    };
    const closed = (): void => {
      fail(new Error('the server closed the connection'));
    };
    // What comes in the clear after the one letter would be taken for the server's own word later.
    const hear = (bytes: Buffer): void => {
      raw.pause();
      clear();
      resolve(bytes.length === 1 ? bytes.toString('latin1') : '');
    };
    signal.addEventListener('abort', stop, { once: true });
    raw.once('error', fail).once('close', closed).once('data', hear);
    raw.write(tlsRequest);
  });
}

function secure(
  name: string,
  connectTls: typeof connect,
  options: ConnectionOptions,
  signal: AbortSignal,
): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const secured = connectTls(options);
    const stop = (): void => {
      secured.destroy(new Error('no answer in time'));
    };
    signal.addEventListener('abort', stop, { once: true });
    secured.once('error', (cause: Error) => {
      const text = `${name}: ${cause.message} (${errorCodeOf(cause)}).`;
      reject(signal.aborted ? cause : new AppError('DATABASE_TLS_REFUSED', text, { cause }));
    });
    secured.once('secureConnect', () => {
      signal.removeEventListener('abort', stop);
      secured.on('error', () => undefined);
      resolve(secured);
    });
  });
}
