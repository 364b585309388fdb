import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import { parsedOnce } from '../../../shared/parsed-once.js';
import { describeWay, tcpWay, usualSocket } from '../../../shared/runbook/engine-way.js';
import type { EngineWay, TlsFiles } from '../../../shared/runbook/engine-way.js';
import { codeOf } from './tls-way.js';

const Meta = z.looseObject({
  Name: z.string(),
  Endpoints: z.looseObject({
    docker: z.looseObject({ Host: z.string(), SkipTLSVerify: z.boolean().optional() }),
  }),
});

/** A context's way, where `ssh` names no host of the environment but an address of its own. */
export type ContextWay =
  | Exclude<EngineWay, { kind: 'ssh' | 'context' }>
  | { readonly kind: 'ssh-address'; readonly address: string; readonly socket: string };

/**
 * Reads what `docker context create` wrote below the home folder. Variables that move that folder or choose another
 * context are not looked at: a runbook's engine is the same for everybody who starts it anywhere.
 */
export async function readContext(name: string, home: string): Promise<ContextWay> {
  const folder = path.join(home, '.docker', 'contexts');
  if (name === 'default') {
    throw unusable(name, 'it is whatever the environment says at the moment; name a real one');
  }
  const id = createHash('sha256').update(name).digest('hex');
  const meta = await readMeta(name, path.join(folder, 'meta', id, 'meta.json'));
  const { Host: host, SkipTLSVerify: isUnverified } = meta.Endpoints.docker;
  if (meta.Name !== name) {
    throw unusable(name, `its file belongs to “${meta.Name}”`);
  }
  if (isUnverified === true) {
    throw unusable(name, 'it says not to verify the engine’s certificate; that is never done here');
  }
  const tls = await tlsFilesIn(path.join(folder, 'tls', id, 'docker'));
  return wayOf(name, host, tls);
}

export function describeContext(name: string, way: ContextWay): string {
  const to =
    way.kind === 'ssh-address'
      ? `over SSH: socket ${way.socket} of ${way.address}`
      : describeWay(way);
  return `Docker context ${name}: ${to}`;
}

async function readMeta(name: string, file: string): Promise<z.infer<typeof Meta>> {
  const text = await readFile(file, 'utf8').catch((thrown: unknown) => {
    const why =
      codeOf(thrown) === 'ENOENT'
        ? `there is no context of that name on this computer (${file}); \`docker context ls\` shows those there are`
        : `${file} cannot be read (${codeOf(thrown)})`;
    throw unusable(name, why, thrown);
  });
  const parsed = Meta.safeParse(jsonOf(text), parsedOnce);
  if (!parsed.success) {
    throw unusable(name, `${file} names no Docker endpoint`, parsed.error);
  }
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

async function tlsFilesIn(folder: string): Promise<TlsFiles | null> {
  const found = await Promise.all(
    (['ca', 'cert', 'key'] as const).map(async (name) => {
      const file = path.join(folder, `${name}.pem`);
      const isThere = await stat(file).then(
        (one) => one.isFile(),
        () => false,
      );
      return isThere ? { [name]: file } : {};
    }),
  );
  const files = found.reduce<TlsFiles>((all, one) => ({ ...all, ...one }), {});
  return Object.keys(files).length === 0 ? null : files;
}

function wayOf(name: string, endpoint: string, tls: TlsFiles | null): ContextWay {
  const scheme = /^([a-z]+):\/\/(.*)$/.exec(endpoint);
  const [, kind = '', rest = ''] = scheme ?? [];
  switch (kind) {
    case 'unix':
      return { kind: 'socket', path: absolute(name, rest) };
    case 'npipe':
      return { kind: 'socket', path: absolute(name, rest).replaceAll('/', '\\') };
    case 'tcp':
    case 'https':
      return tcpOf(name, rest, tls);
    case 'ssh':
      return sshOf(name, rest);
    default:
      throw unusable(
        name,
        `it leads to “${endpoint}”, which is no socket, pipe, TCP or SSH address`,
      );
  }
}

function absolute(name: string, found: string): string {
  if (!found.startsWith('/')) {
    throw unusable(name, `its socket “${found}” is no absolute path`);
  }
  return found;
}

function tcpOf(name: string, rest: string, tls: TlsFiles | null): ContextWay {
  const place = rest.replace(/\/+$/, '');
  const hasPort = /:\d{1,5}$/.test(place);
  const way = tcpWay(hasPort ? place : `${place}:${tls === null ? '2375' : '2376'}`, tls);
  if ('problem' in way) {
    throw unusable(name, way.problem);
  }
  // `tcpWay` makes nothing else.
  return way.kind === 'tcp' ? way : { kind: 'socket', path: usualSocket };
}

function sshOf(name: string, rest: string): ContextWay {
  const [address = '', ...after] = rest.split('/');
  const below = after.join('/');
  if (address === '' || address.includes(':') !== /:\d{1,5}$/.test(address)) {
    throw unusable(name, `“ssh://${rest}” is no user@host:port`);
  }
  return {
    kind: 'ssh-address',
    address,
    socket: below === '' ? usualSocket : `/${below}`,
  };
}

function unusable(name: string, why: string, cause?: unknown): AppError {
  return new AppError('DOCKER_WAY_UNUSABLE', `Docker context ${name}: ${why}.`, { cause });
}
