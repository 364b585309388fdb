import { formatAddress, parseAddress } from './address.js';
import type { Keepalive } from './connection.js';
import type { Hop } from './plan.js';

export type SystemWords = {
  readonly program: string;
  readonly configFile?: string;
};

const usualConnectTimeoutSeconds = 20;

/** Holds whatever the configuration says: nobody is asked, no key is taken on trust, nothing is forwarded or run. */
const strict = [
  'BatchMode=yes',
  'StrictHostKeyChecking=yes',
  'UpdateHostKeys=no',
  'ForwardAgent=no',
  'ForwardX11=no',
  'PermitLocalCommand=no',
  'RemoteCommand=none',
  'RequestTTY=no',
  'Tunnel=no',
];

/** Arguments that lead to the last of these hops, each one checked under its own name; without the program's name. */
export function wordsTo(
  hops: readonly Hop[],
  system: SystemWords,
  before: readonly string[],
): readonly string[] {
  const hop = hops.at(-1);
  if (hop === undefined) {
    throw new Error('a line needs a host');
  }
  const way = hops.slice(0, -1);
  const proxy = way.length === 0 ? [] : ['-o', `ProxyCommand=${proxyCommand(way, hop, system)}`];
  const { user, host, port } = parseAddress(hop.written);
  const seconds = hop.settings.connectTimeoutSeconds ?? usualConnectTimeoutSeconds;
  return [
    ...before,
    ...options([`ConnectTimeout=${seconds}`]),
    ...(system.configFile === undefined ? [] : ['-F', system.configFile]),
    ...proxy,
    ...(user === null ? [] : ['-l', user]),
    ...(port === null ? [] : ['-p', String(port)]),
    '--',
    host,
  ];
}

export function options(names: readonly string[]): readonly string[] {
  return names.flatMap((name) => ['-o', name]);
}

/** For a connection that stays: `socket` is where others join it, null where that cannot be. */
export function connectionWords(
  socket: string | null,
  log: string,
  keepalive: Keepalive,
): readonly string[] {
  const shared =
    socket === null
      ? ['ControlMaster=no', 'ControlPath=none']
      : ['ControlMaster=yes', `ControlPath=${socket}`, 'ControlPersist=no'];
  return [
    ...options([
      ...strict,
      ...shared,
      `ServerAliveInterval=${Math.max(1, Math.round(keepalive.intervalMs / 1_000))}`,
      `ServerAliveCountMax=${keepalive.count}`,
    ]),
    '-v',
    '-T',
    '-E',
    log,
  ];
}

/** For joining a connection that stands. Were it gone, the program would dial by itself: it is given a way to nowhere. */
export function joinWords(socket: string, log: string): readonly string[] {
  return [
    '-F',
    'none',
    ...options([...strict, 'ControlMaster=no', `ControlPath=${socket}`, 'ProxyCommand=false']),
    '-T',
    '-E',
    log,
  ];
}

/** To see which key a host shows: into a list of its own, and without a login. */
export function probeWords(list: string): readonly string[] {
  return options([
    'StrictHostKeyChecking=accept-new',
    `UserKnownHostsFile=${list}`,
    'GlobalKnownHostsFile=/dev/null',
    'HashKnownHosts=no',
    'PreferredAuthentications=none',
    'ControlMaster=no',
    'ControlPath=none',
    ...strict.filter((option) => !option.startsWith('StrictHostKeyChecking')),
  ]);
}

/** This one text goes through a shell on this laptop: every word is quoted, and `%` is no token of the program's. */
function proxyCommand(way: readonly Hop[], next: Hop, system: SystemWords): string {
  const place = formatAddress({ host: next.settings.hostName, port: next.settings.port });
  const before = [...options([...strict, 'ControlMaster=no', 'ControlPath=none']), '-W', place];
  return [system.program, ...wordsTo(way, system, before)].map(quoteForProxy).join(' ');
}

function quoteForProxy(word: string): string {
  const safe = word.replaceAll('%', '%%');
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(safe) ? safe : `'${safe.replaceAll("'", `'\\''`)}'`;
}
