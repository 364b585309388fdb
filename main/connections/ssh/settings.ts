import path from 'node:path';
import { AppError } from '../../../shared/errors/app-error.js';

/** What the operator's SSH configuration says about one host, as far as a connection needs it. */
export type SshSettings = {
  readonly hostName: string;
  readonly port: number;
  readonly user: string;
  /** Absolute paths, in the order in which they are offered. */
  readonly identityFiles: readonly string[];
  readonly identitiesOnly: boolean;
  /** Path of the agent's socket; null: none is to be used. */
  readonly agentSocket: string | null;
  readonly userKnownHosts: readonly string[];
  readonly globalKnownHosts: readonly string[];
  readonly hashKnownHosts: boolean;
  /** The name to look up instead of the host's, without a port. */
  readonly hostKeyAlias: string | null;
  /** `StrictHostKeyChecking yes`: an unknown key is refused without a question. */
  readonly refusesUnknownKeys: boolean;
  /** From the first hop to the last, as written. */
  readonly jumps: readonly string[];
  /** Needs a program of its own to reach the host: the system's client only. */
  readonly hasProxyCommand: boolean;
  readonly addressFamily: 'any' | 'inet' | 'inet6';
  readonly methods: readonly LoginMethod[];
  readonly connectTimeoutSeconds: number | null;
};

export type LoginMethod = 'publickey' | 'keyboard-interactive' | 'password';

/** Where this account lives; passed in, so that no file here reads the environment. */
export type SshPlace = {
  readonly home: string;
  readonly userName: string;
  /** SSH_AUTH_SOCK, or the platform's own agent; null where there is none. */
  readonly agentSocket: string | null;
};

/** Keys in lower case; several values where an option was given several times or holds a list. */
export type RawSettings = ReadonlyMap<string, readonly string[]>;

const methodsByName: Readonly<Record<string, LoginMethod>> = {
  publickey: 'publickey',
  'keyboard-interactive': 'keyboard-interactive',
  password: 'password',
};

export function readSettings(raw: RawSettings, place: SshPlace): SshSettings {
  const first = (name: string): string | null => raw.get(name)?.[0] ?? null;
  const isYes = (name: string): boolean => ['yes', 'true', 'on'].includes(first(name) ?? '');
  const hostName = first('hostname') ?? '';
  const port = portOf(first('port'));
  const user = first('user') ?? place.userName;
  const filled = tokensOf(raw, place, { hostName, port, user });
  const files = (name: string): readonly string[] => (raw.get(name) ?? []).map(filled);
  const paths = (named: readonly string[]): readonly string[] => [
    ...new Set(named.filter(isNamed).map(expandHome(place.home))),
  ];
  const alias = first('hostkeyalias');
  return {
    hostName,
    port,
    user,
    identityFiles: paths(files('identityfile')),
    identitiesOnly: isYes('identitiesonly'),
    agentSocket: agentOf(files('identityagent')[0] ?? null, place),
    userKnownHosts: paths(files('userknownhostsfile').flatMap(splitWords)),
    globalKnownHosts: paths(files('globalknownhostsfile').flatMap(splitWords)),
    hashKnownHosts: isYes('hashknownhosts'),
    hostKeyAlias: alias === null ? null : filled(alias),
    refusesUnknownKeys: isYes('stricthostkeychecking'),
    jumps: jumpsOf(first('proxyjump')),
    hasProxyCommand: isNamed(first('proxycommand') ?? 'none'),
    addressFamily: familyOf(first('addressfamily')),
    methods: methodsOf(raw),
    connectTimeoutSeconds: secondsOf(first('connecttimeout')),
  };
}

/** `ssh -G` leaves some of them as they are written. */
function tokensOf(
  raw: RawSettings,
  place: SshPlace,
  host: Pick<SshSettings, 'hostName' | 'port' | 'user'>,
): (text: string) => string {
  const tokens = {
    d: place.home,
    h: host.hostName,
    n: raw.get('host')?.[0] ?? host.hostName,
    p: String(host.port),
    r: host.user,
    u: place.userName,
  };
  return (text) => fillTokens(text, tokens);
}

/** Tokens that are not known here stay as they are: they then name a file that does not exist. */
export function fillTokens(text: string, tokens: Readonly<Record<string, string>>): string {
  return text.replaceAll(/%(.)/g, (whole, token: string) =>
    token === '%' ? '%' : (tokens[token] ?? whole),
  );
}

function isNamed(value: string): boolean {
  return value !== '' && value.toLowerCase() !== 'none';
}

const expandHome =
  (home: string) =>
  (file: string): string => {
    const plain = unquote(file);
    return plain === '~' || plain.startsWith('~/')
      ? path.join(home, plain.slice(1))
      : path.resolve(home, plain);
  };

function portOf(text: string | null): number {
  const port = Number(text ?? 22);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new AppError('SSH_CONFIG_INVALID', `Port ${JSON.stringify(text)} is not a port.`);
  }
  return port;
}

function agentOf(text: string | null, place: SshPlace): string | null {
  if (text === null || text === 'SSH_AUTH_SOCK' || text === '$SSH_AUTH_SOCK') {
    return place.agentSocket;
  }
  if (!isNamed(text)) {
    return null;
  }
  if (text.startsWith('$')) {
    throw new AppError(
      'SSH_CONFIG_INVALID',
      `IdentityAgent ${text} names a variable other than SSH_AUTH_SOCK; write the path.`,
    );
  }
  return expandHome(place.home)(text);
}

function jumpsOf(text: string | null): readonly string[] {
  return text === null || !isNamed(text) ? [] : text.split(',').map((jump) => jump.trim());
}

function familyOf(text: string | null): SshSettings['addressFamily'] {
  return text === 'inet' || text === 'inet6' ? text : 'any';
}

/** In the operator's order of preference, without what is turned off. */
function methodsOf(raw: RawSettings): readonly LoginMethod[] {
  const isOn = (name: string): boolean => !['no', 'false'].includes(raw.get(name)?.[0] ?? 'yes');
  const switches: Readonly<Record<LoginMethod, boolean>> = {
    publickey: isOn('pubkeyauthentication'),
    'keyboard-interactive':
      isOn('kbdinteractiveauthentication') && isOn('challengeresponseauthentication'),
    password: isOn('passwordauthentication'),
  };
  const preferred =
    raw.get('preferredauthentications')?.[0] ?? 'publickey,keyboard-interactive,password';
  return preferred
    .split(',')
    .flatMap((name) => methodsByName[name.trim()] ?? [])
    .filter((method) => switches[method]);
}

function secondsOf(text: string | null): number | null {
  const seconds = Number(text ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : null;
}

/** SSH's own quoting: double quotes hold a path with spaces together. */
export function splitWords(text: string): string[] {
  return [...text.matchAll(/"[^"]*"|[^\s"]+/g)].map(([word]) => unquote(word));
}

function unquote(text: string): string {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}
