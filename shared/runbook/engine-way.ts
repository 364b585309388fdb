import type { EngineAddress, Environment } from './environment-schema.js';
import type { Finding } from './finding.js';

export type TlsFiles = {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
};

/** Where an engine is, with exactly one way to it. */
export type EngineWay =
  | { readonly kind: 'socket'; readonly path: string }
  | {
      readonly kind: 'tcp';
      readonly host: string;
      readonly port: number;
      /** Null: not encrypted. */
      readonly tls: TlsFiles | null;
    }
  | { readonly kind: 'ssh'; readonly host: string; readonly socket: string }
  | { readonly kind: 'context'; readonly context: string };

export const usualSocket = '/var/run/docker.sock';

const ways = ['socket', 'tcp', 'ssh', 'context'] as const;

/** Says in words what is wrong where the address does not name exactly one usable way. */
export function engineWayOf(engine: EngineAddress): EngineWay | { readonly problem: string } {
  const { socket, tcp, ssh, context, tls } = engine;
  // With `ssh` the socket is the host's.
  const named = ways.filter((way) => engine[way] !== undefined && !(way === 'socket' && ssh));
  if (named.length !== 1) {
    return {
      problem: `an engine needs exactly one of socket, tcp, ssh and context (here: ${named.join(', ') || 'none'})`,
    };
  }
  if (tls !== undefined && tcp === undefined) {
    return { problem: '“tls” belongs to “tcp” alone' };
  }
  if (tcp !== undefined) {
    return tcpWay(tcp, tls ?? null);
  }
  if (ssh !== undefined) {
    return { kind: 'ssh', host: ssh, socket: socket ?? usualSocket };
  }
  return context === undefined
    ? { kind: 'socket', path: socket ?? usualSocket }
    : { kind: 'context', context };
}

/** Whoever reaches an engine is root there: over a network that is never left unencrypted. */
export function tcpWay(
  address: string,
  tls: TlsFiles | null,
): EngineWay | { readonly problem: string } {
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, colon).replace(/^\[|\]$/g, '');
  const port = Number(address.slice(colon + 1));
  if (port < 1 || port > 65_535) {
    return { problem: `${address} has no usable port` };
  }
  if (tls === null && !isLoopback(host)) {
    return {
      problem: `${address} without “tls” would let anybody on the way be root on that engine: give it “tls”, or reach it by “ssh”`,
    };
  }
  if (tls !== null && (tls.cert === undefined) !== (tls.key === undefined)) {
    return { problem: '“cert” and “key” go together' };
  }
  return { kind: 'tcp', host, port, tls };
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** One line for people: where the engine is that is asked. */
export function describeWay(way: EngineWay): string {
  switch (way.kind) {
    case 'socket':
      return `socket ${way.path} of this computer`;
    case 'tcp':
      return `${formatPlace(way)}, ${way.tls === null ? 'not encrypted' : 'encrypted, its certificate verified'}`;
    case 'ssh':
      return `over SSH: socket ${way.socket} of host ${way.host}`;
    case 'context':
      return `Docker context ${way.context} of this computer`;
  }
}

export function describeEngine(engine: EngineAddress): string {
  const way = engineWayOf(engine);
  return 'problem' in way ? way.problem : describeWay(way);
}

export function formatPlace({
  host,
  port,
}: {
  readonly host: string;
  readonly port: number;
}): string {
  return host.includes(':') ? `[${host}]:${String(port)}` : `${host}:${String(port)}`;
}

/** Engines whose way cannot be used as it is written. */
export function checkEngines(
  { engines, hosts = [] }: Environment,
  path: Finding['path'],
): readonly Finding[] {
  return engines.flatMap((engine, index) => {
    const at = [...path, 'engines', index];
    const way = engineWayOf(engine);
    if ('problem' in way) {
      return [{ path: at, message: way.problem }];
    }
    const isUnknown = way.kind === 'ssh' && !hosts.some(({ name }) => name === way.host);
    return isUnknown
      ? [
          {
            path: [...at, 'ssh'],
            message: `there is no host “${way.host}” here; hosts are listed under “hosts”`,
          },
        ]
      : [];
  });
}
