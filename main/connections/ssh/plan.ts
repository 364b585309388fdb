import { AppError } from '../../../shared/errors/app-error.js';
import { formatAddress, parseAddress } from './address.js';
import type { Address } from './address.js';
import { knownHostName } from './known-hosts.js';
import type { KnownHostsFiles } from './known-hosts-files.js';
import { settingsByProgram } from './settings-by-program.js';
import { readSettings } from './settings.js';
import type { RawSettings, SshPlace, SshSettings } from './settings.js';

/** One machine on the way, verified under its own name. */
export type Hop = {
  /** As the operator calls it. */
  readonly label: string;
  /** As it was written: `user@host:port`. */
  readonly written: string;
  readonly settings: SshSettings;
  /** The name under which its key is looked up and kept. */
  readonly knownName: string;
  /** The same without a port, where it has one. */
  readonly bareName: string | null;
};

/** Everything that will be used to reach a host, in order; the last hop is the host. Made before anything is connected. */
export type LinePlan = {
  readonly hops: readonly Hop[];
  readonly source: 'ssh -G' | 'configuration files';
};

export type PlanOptions = {
  readonly place: SshPlace;
  /** The system's `ssh`; null: read the files instead. */
  readonly program: string | null;
  readonly configFile?: string;
};

const mostHops = 8;

/** HOST_ADDRESS_INVALID or SSH_CONFIG_INVALID; connects to nothing. */
export async function planLine(
  text: string,
  options: PlanOptions,
  signal: AbortSignal,
): Promise<LinePlan> {
  let source: LinePlan['source'] = 'ssh -G';
  const settingsOf = async (address: Address): Promise<SshSettings> => {
    const { program, configFile, place } = options;
    const file = configFile === undefined ? {} : { configFile };
    const asked =
      program === null ? null : await settingsByProgram(address, { program, ...file }, signal);
    if (asked === null) {
      source = 'configuration files';
    }
    return readSettings(asked ?? (await byFiles(address, options)), place);
  };
  const hops = await hopsTo(text, null, settingsOf, 1);
  return { hops, source };
}

async function byFiles(address: Address, { place, configFile }: PlanOptions): Promise<RawSettings> {
  const { settingsByFiles } = await import('./settings-by-files.js');
  return settingsByFiles(address, place, configFile);
}

/** A list of jumps given from outside takes the place of the host's own, as `ssh -J` does. */
async function hopsTo(
  text: string,
  given: readonly string[] | null,
  settingsOf: (address: Address) => Promise<SshSettings>,
  depth: number,
): Promise<readonly Hop[]> {
  if (depth > mostHops) {
    throw new AppError(
      'SSH_CONFIG_INVALID',
      `The way to ${text} has more than ${mostHops} jumps: does a ProxyJump lead back to itself?`,
    );
  }
  const address = parseAddress(text);
  const settings = await settingsOf(address);
  const hop = hopOf(text, address, settings);
  const jumps = given ?? settings.jumps;
  const last = jumps.at(-1);
  if (last === undefined) {
    return [hop];
  }
  const before = jumps.slice(0, -1);
  const way = await hopsTo(last, before.length === 0 ? null : before, settingsOf, depth + 1);
  return [...way, hop];
}

function hopOf(text: string, address: Address, settings: SshSettings): Hop {
  const { hostName, port, hostKeyAlias } = settings;
  const knownName = hostKeyAlias ?? knownHostName(hostName, port);
  const hasPort = hostKeyAlias === null && port !== 22;
  const label = address.host === hostName ? text : `${text} (${hostName})`;
  return {
    label,
    written: text,
    settings,
    knownName,
    bareName: hasPort ? hostName.toLowerCase() : null,
  };
}

export function knownHostsFilesOf({ settings }: Hop): KnownHostsFiles {
  return {
    user: settings.userKnownHosts,
    global: settings.globalKnownHosts,
    isHashing: settings.hashKnownHosts,
  };
}

export function addressOf({ settings }: Hop): string {
  return formatAddress({ host: settings.hostName, port: settings.port });
}

/** Lines to show before connecting: whom it will reach, as whom, with what, and where the host's key is looked up. */
export function describePlan({ hops, source }: LinePlan): readonly string[] {
  const way = hops.map((hop) => `${hop.settings.user} on ${addressOf(hop)}`);
  const [target, ...jumps] = way.toReversed();
  const through = jumps.length === 0 ? '' : `, through ${jumps.toReversed().join(', then ')}`;
  return [
    `as ${target ?? 'nobody'}${through}`,
    ...hops.flatMap((hop) => describeHop(hop, hops.length > 1)),
    `as the SSH configuration says (${source})`,
  ];
}

function describeHop({ label, settings, knownName }: Hop, isOneOfMany: boolean): readonly string[] {
  const { agentSocket, identitiesOnly, identityFiles, methods, userKnownHosts, globalKnownHosts } =
    settings;
  const prefix = isOneOfMany ? `${label}: ` : '';
  const agent = agentSocket === null ? 'no agent' : `agent ${agentSocket}`;
  const only = identitiesOnly && agentSocket !== null ? ' (the named keys only)' : '';
  const keys = identityFiles.length === 0 ? 'none' : identityFiles.join(', ');
  const lists = [...userKnownHosts, ...globalKnownHosts].join(', ');
  return [
    `${prefix}log in by ${methods.join(', ')}; ${agent}${only}; keys ${keys}`,
    `${prefix}host key looked up as ${knownName} in ${lists === '' ? 'no file' : lists}`,
  ];
}
