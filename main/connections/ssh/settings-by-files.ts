import path from 'node:path';
import { parse } from 'ssh-config';
import { AppError } from '../../../shared/errors/app-error.js';
import type { Address } from './address.js';
import { readConfigFiles } from './config-files.js';
import { fillTokens } from './settings.js';
import type { RawSettings, SshPlace } from './settings.js';

/** What OpenSSH offers where the configuration names no key. */
const usualKeys = ['id_rsa', 'id_ecdsa', 'id_ed25519'];
const usualUserLists = '~/.ssh/known_hosts ~/.ssh/known_hosts2';
const usualGlobalLists = '/etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2';
const systemFile = '/etc/ssh/ssh_config';

/** Options whose list is one value of several words. */
const lists = ['userknownhostsfile', 'globalknownhostsfile'];

/** What the configuration files make of a host, read without OpenSSH: no program is started, so `Match exec` never matches. */
export async function settingsByFiles(
  address: Address,
  place: SshPlace,
  configFile?: string,
): Promise<RawSettings> {
  const own = path.join(place.home, '.ssh', 'config');
  const files = configFile === undefined ? [own, systemFile] : [configFile];
  const text = await readConfigFiles(files, place.home);
  return computeSettings(text, address, place);
}

export function computeSettings(text: string, address: Address, place: SshPlace): RawSettings {
  const found = compute(text, address);
  const settings = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(found)) {
    const values = typeof value === 'string' ? [value] : value;
    settings.set(
      name.toLowerCase(),
      lists.includes(name.toLowerCase()) ? [values.join(' ')] : values,
    );
  }
  const user = address.user ?? settings.get('user')?.[0] ?? place.userName;
  const port = String(address.port ?? settings.get('port')?.[0] ?? 22);
  const written = settings.get('hostname')?.[0] ?? address.host;
  const otherwise = (name: string, ...usual: readonly string[]): void => {
    settings.set(name, settings.get(name) ?? usual);
  };
  settings.set('host', [address.host]);
  settings.set('user', [user]);
  settings.set('port', [port]);
  settings.set('hostname', [fillTokens(written, { h: address.host, n: address.host })]);
  otherwise('identityfile', ...usualKeys.map((name) => `~/.ssh/${name}`));
  otherwise('userknownhostsfile', usualUserLists);
  otherwise('globalknownhostsfile', usualGlobalLists);
  return settings;
}

function compute(text: string, { host, user }: Address): Record<string, string | string[]> {
  try {
    const options = { ignoreCase: true, matchExec: false };
    const config = parse(withoutLookups(text));
    return user === null
      ? config.compute(host, options)
      : config.compute({ Host: host, User: user }, options);
  } catch (cause) {
    throw new AppError('SSH_CONFIG_INVALID', 'The SSH configuration files cannot be parsed.', {
      cause,
    });
  }
}

/** The reader would start `nslookup` for this one; a name is used as it is written. */
function withoutLookups(text: string): string {
  return text.replaceAll(/^\s*canonicalizehostname\b.*$/gim, '');
}
