import type { ContainerDetails, LooseObject } from '../../connections/ports.js';
import { asText, asTexts, isEmpty } from './json-difference.js';
import type { JsonObject } from './json-difference.js';
import { shortId } from './names.js';

const shared = /^(?:host|none|container:.*)$/;

/** `host`, `none` or `container:…` where the container has no network of its own; otherwise null. */
export function sharesNetworkOf(container: ContainerDetails): string | null {
  const mode = asText(container.hostConfig['NetworkMode']);
  return mode.startsWith('container:') ? mode : null;
}

/** Carries what was asked for (static address, aliases), never what the engine had handed out. The main network comes first. */
export function replacementEndpoints(old: ContainerDetails): Readonly<Record<string, LooseObject>> {
  const mode = asText(old.hostConfig['NetworkMode']);
  if (shared.test(mode)) {
    return {};
  }
  const isMain = (name: string, network: LooseObject): boolean =>
    name === mode || network['NetworkID'] === mode || (mode === 'default' && name === 'bridge');
  const entries = Object.entries(old.networks).sort(
    ([leftName, left], [rightName, right]) =>
      Number(isMain(rightName, right)) - Number(isMain(leftName, left)),
  );
  return Object.fromEntries(entries.map(([name, network]) => [name, endpoint(name, network, old)]));
}

function endpoint(name: string, network: LooseObject, old: ContainerDetails): JsonObject {
  const own = shortId(old.id);
  // The default bridge refuses aliases; the engine adds the short id and, from 25 on, the name by itself.
  const aliases =
    name === 'bridge' ? [] : asTexts(network['Aliases']).filter((alias) => alias !== own);
  const links = asTexts(network['Links']);
  return {
    ...(isEmpty(network['IPAMConfig']) ? {} : { IPAMConfig: network['IPAMConfig'] ?? null }),
    ...(aliases.length === 0 ? {} : { Aliases: [...aliases] }),
    ...(links.length === 0 ? {} : { Links: [...links] }),
    ...(isEmpty(network['DriverOpts']) ? {} : { DriverOpts: network['DriverOpts'] ?? null }),
    ...(network['GwPriority'] === undefined ? {} : { GwPriority: network['GwPriority'] }),
  };
}
