import type { Inspected } from '../integration/docker-procedure.js';

type JsonObject = Readonly<Record<string, unknown>>;

/** What an inspection says of how a container is set up, without what every container has for itself. */
export type ContainerView = {
  readonly config: JsonObject;
  readonly host: JsonObject;
  readonly networks: JsonObject;
  /** By where it is mounted. */
  readonly mounts: Readonly<Record<string, JsonObject>>;
  /** Asked for in the newer way, by where it is mounted, without what is mounted. */
  readonly asked: Readonly<Record<string, JsonObject>>;
};

export function viewOf(container: Inspected): ContainerView {
  const { Config, HostConfig, NetworkSettings, Mounts } = container;
  const { Mounts: asked, Binds: binds, Links: links, ContainerIDFile: _file, ...host } = HostConfig;
  return {
    config: configOf(container),
    // `/other:/its own name/alias`
    host: { ...host, binds: texts(binds).toSorted(), links: texts(links).map(withoutOwnName) },
    networks: Object.fromEntries(
      Object.entries(NetworkSettings.Networks).map(([name, network]) => [
        name,
        endpointOf(network, [container.Id.slice(0, 12), Config['Hostname']]),
      ]),
    ),
    mounts: Object.fromEntries(
      Mounts.map((mount) => [
        mount.Destination,
        {
          type: mount.Type,
          what: mount.Name ?? mount['Source'],
          isWritable: mount['RW'],
          propagation: mount['Propagation'],
        },
      ]),
    ),
    asked: Object.fromEntries(
      objects(asked).map(({ Source: _source, ...mount }) => [
        String(mount['Target']).replace(/(.)\/+$/u, '$1'),
        withoutFilling(mount),
      ]),
    ),
  };
}

const nameless = /^[0-9a-f]{64}$/u;
const ofItsOwn = 'a volume of its own';

/** What the same options and another image make, with the data of the old container where that one had any. */
export function expectedView(fresh: ContainerView, old: ContainerView): ContainerView {
  const kept = Object.entries(old.mounts).filter(([, { type }]) => type === 'volume');
  const mounts = Object.entries(fresh.mounts).map(([place, mount]): [string, JsonObject] => [
    place,
    nameless.test(String(mount['what'])) ? { ...mount, what: ofItsOwn } : mount,
  ]);
  return { ...fresh, mounts: { ...Object.fromEntries(mounts), ...Object.fromEntries(kept) } };
}

/**
 * Mounts may be asked for in addition, by the name of a volume that had none; and what the new image alone wants a volume
 * for has a new one.
 */
export function comparable(now: ContainerView, expected: ContainerView): ContainerView {
  const asked = Object.entries(now.asked).filter(([target]) => target in expected.asked);
  const mounts = Object.entries(now.mounts).map(([place, mount]): [string, JsonObject] => {
    const isNew = expected.mounts[place]?.['what'] === ofItsOwn;
    const isNameless = nameless.test(String(mount['what']));
    return [place, isNew && isNameless ? { ...mount, what: ofItsOwn } : mount];
  });
  return { ...now, asked: Object.fromEntries(asked), mounts: Object.fromEntries(mounts) };
}

function withoutOwnName(link: string): string {
  return link.replace(/:.*\//u, ':');
}

function configOf({ Id, Config, HostConfig }: Inspected): JsonObject {
  const { Image: _image, Hostname: host, ...config } = Config;
  const labels = Object.entries(object(config['Labels']));
  // Filled in by the engine when it starts.
  const isShared =
    HostConfig['UTSMode'] === 'host' || String(HostConfig['NetworkMode']).startsWith('container:');
  return {
    ...config,
    Hostname: host === Id.slice(0, 12) || isShared ? null : host,
    Labels: Object.fromEntries(labels.filter(([key]) => !key.startsWith('lastgood.'))),
    Env: texts(config['Env']).toSorted(),
    Entrypoint: texts(config['Entrypoint']),
    Cmd: texts(config['Cmd']),
    ExposedPorts: object(config['ExposedPorts']),
    MacAddress: config['MacAddress'] ?? '',
    // Where the data of a volume is from is told by what is mounted.
    Volumes: null,
  };
}

function endpointOf(network: JsonObject, ownNames: readonly unknown[]): JsonObject {
  const asked = Object.entries(object(network['IPAMConfig'])).filter(([, value]) => value !== '');
  return {
    asked: Object.fromEntries(asked),
    links: texts(network['Links']),
    // An engine adds these when it connects one that runs.
    aliases: texts(network['Aliases']).filter((name) => !ownNames.includes(name)),
    options: object(network['DriverOpts']),
  };
}

/** How an empty volume is filled matters only when it is made. */
function withoutFilling(mount: JsonObject): JsonObject {
  const { VolumeOptions: volume, Target: _target, ...rest } = mount;
  const { NoCopy: _filled, ...options } = object(volume);
  return { ...rest, options };
}

function object(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.map(object) : [];
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}
