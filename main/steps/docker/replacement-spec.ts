import type { ContainerDetails, ContainerSpec, ImageDetails } from '../../connections/ports.js';
import { asObject, asText, asTexts, isEmpty, isSame, withoutSame } from './json-difference.js';
import type { JsonObject } from './json-difference.js';
import { shortId } from './names.js';
import { replacementEndpoints, sharesNetworkOf } from './replacement-networks.js';
import { replacementMounts } from './replacement-mounts.js';

/**
 * What to ask the engine for so that a container of another image is set up like this one: everything the operator set is
 * carried, everything that came from the old image is left to the new one. Without the second half the new version would
 * run with the old one's PATH, command and version variables.
 */
export function replacementSpec(
  old: ContainerDetails,
  oldImage: ImageDetails,
  imageId: string,
  labels: Readonly<Record<string, string>>,
): ContainerSpec {
  const config = ownConfig(old, oldImage.config);
  return {
    ...config,
    Image: imageId,
    Labels: { ...ownLabels(old, oldImage), ...labels },
    HostConfig: ownHostConfig(old),
    NetworkingConfig: { EndpointsConfig: replacementEndpoints(old) },
  };
}

/** Fields the engine fills from the image when the create call leaves them out. */
const fromImage = ['User', 'WorkingDir', 'StopSignal', 'Shell', 'ArgsEscaped'];
/** Set elsewhere in the spec, or the image's alone. */
const handledApart = new Set([
  'Image',
  'Labels',
  'OnBuild',
  'Env',
  'Cmd',
  'Entrypoint',
  'Healthcheck',
  'ExposedPorts',
  'Hostname',
  'Domainname',
  'MacAddress',
]);

function ownConfig(old: ContainerDetails, image: JsonObject): JsonObject {
  const { config } = old;
  const spec: Record<string, JsonObject[string]> = {};
  for (const [key, value] of Object.entries(config)) {
    if (handledApart.has(key) || (fromImage.includes(key) && isSame(value, image[key]))) {
      continue;
    }
    // The engine joins these with the image's.
    spec[key] = key === 'Volumes' ? withoutSame(asObject(value), asObject(image[key])) : value;
  }
  const imageEnv = new Set(asTexts(image['Env']));
  return {
    ...spec,
    Env: asTexts(config['Env']).filter((entry) => !imageEnv.has(entry)),
    ...ownCommand(config, image),
    ...ownPorts(old, image),
    ...ownHealthcheck(config, image),
    ...ownHost(old),
  };
}

function ownLabels(
  old: ContainerDetails,
  oldImage: ImageDetails,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(old.labels).filter(([key, value]) => oldImage.labels[key] !== value),
  );
}

/** An entrypoint of the operator's own switches the image's command off too, so then both are carried. */
function ownCommand(config: JsonObject, image: JsonObject): JsonObject {
  const { Entrypoint: entrypoint = null, Cmd: command = null } = config;
  if (!isSame(entrypoint, image['Entrypoint'])) {
    // [''] is how the engine is told to have none although the image has one.
    return { Entrypoint: isEmpty(entrypoint) ? [''] : entrypoint, Cmd: command };
  }
  if (isSame(command, image['Cmd'])) {
    return {};
  }
  // Without an entry point beside it, the engine would take an empty command for one that was not given.
  return isEmpty(command) ? { Entrypoint: entrypoint, Cmd: command } : { Cmd: command };
}

/**
 * A published port is the operator's although the old image named it too: engines before 23 open only what is exposed, so that
 * with a new image that does not name it, the service would be reached by nobody.
 */
function ownPorts({ config, hostConfig }: ContainerDetails, image: JsonObject): JsonObject {
  const exposed = asObject(config['ExposedPorts']);
  const published = asObject(hostConfig['PortBindings']);
  const kept = Object.entries(exposed).filter(([port]) => Object.hasOwn(published, port));
  const own = withoutSame(exposed, asObject(image['ExposedPorts']));
  return { ExposedPorts: { ...own, ...Object.fromEntries(kept) } };
}

/** Field by field, as the engine merges it: an operator may have changed the interval alone. */
function ownHealthcheck(config: JsonObject, image: JsonObject): JsonObject {
  const own = withoutSame(asObject(config['Healthcheck']), asObject(image['Healthcheck']));
  return isEmpty(own) ? {} : { Healthcheck: own };
}

function ownHost(old: ContainerDetails): JsonObject {
  if (sharesNetworkOf(old) !== null) {
    return {};
  }
  const { Hostname: hostname, Domainname: domainname, MacAddress: macAddress } = old.config;
  // The engine refuses a name of its own for a container that shares the machine's.
  const isNamed = !isEmpty(hostname) && asText(old.hostConfig['UTSMode']) === '';
  return {
    ...(isNamed && hostname !== shortId(old.id) ? { Hostname: hostname ?? null } : {}),
    ...(isEmpty(domainname) ? {} : { Domainname: domainname ?? null }),
    // Here only what the operator chose is listed; the engine's own is in the network's part.
    ...(isEmpty(macAddress) ? {} : { MacAddress: macAddress ?? null }),
  };
}

function ownHostConfig(old: ContainerDetails): JsonObject {
  const { ContainerIDFile: _file, Links: links, Ulimits: limits, ...rest } = old.hostConfig;
  return {
    ...rest,
    ...replacementMounts(old),
    ...(limits === undefined ? {} : { Ulimits: toUlimits(limits) }),
    ...(isEmpty(links) ? {} : { Links: asTexts(links).map(toLink) }),
  };
}

/** Podman reports `RLIMIT_NOFILE`, and takes `nofile` only. */
function toUlimits(limits: JsonObject[string]): JsonObject[string] {
  return !Array.isArray(limits)
    ? limits
    : limits.map(asObject).map((limit) => ({
        ...limit,
        Name: asText(limit['Name']).replace(/^RLIMIT_(.*)$/, (_all, name: string) =>
          name.toLowerCase(),
        ),
      }));
}

/** Reported as `/db:/web/alias`, wanted as `db:alias`. */
function toLink(link: string): string {
  const [container = '', alias = ''] = link.split(':');
  return `${container.replace(/^\//, '')}:${alias.slice(alias.lastIndexOf('/') + 1)}`;
}
