import { createDriver, inspected } from './docker-procedure.js';
import type { Done, Driver, Inspected, Place } from './docker-procedure.js';
import { dockerCommand } from './real-engine.js';

type Replaced = {
  readonly done: Done[];
  /** Knows what was put away. */
  readonly driver: Driver;
  readonly undo: () => Promise<readonly string[]>;
};

/**
 * Replaces a container as the procedure does, up to the start of the new one. A test that asks how
 * a container ended gives it the seconds that a busy machine may need.
 */
export async function replace(
  { name, kept, next, run }: Place,
  imageId: string,
  {
    isStarted = true,
    graceSeconds = 1,
  }: { readonly isStarted?: boolean; readonly graceSeconds?: number } = {},
): Promise<Replaced> {
  const container = { engine: 'docker', container: name };
  const driver = createDriver();
  const done: Done[] = [];
  const start = { kind: 'docker.start', params: { ...container, graceSeconds } };
  await driver.run(
    [
      {
        kind: 'docker.create-replacement',
        params: { ...container, imageId, replacement: next, run },
      },
      { kind: 'docker.stop', params: { ...container, graceSeconds } },
      { kind: 'docker.swap-names', params: { ...container, keepAs: kept, replacement: next, run } },
      ...(isStarted ? [start] : []),
    ],
    done,
  );
  return { done, driver, undo: () => driver.undo(done) };
}

export async function imageIdOf(reference: string): Promise<string> {
  return dockerCommand('image', 'inspect', '--format', '{{.Id}}', reference);
}

/** A value out of an inspection by the name that the table of settings uses for it. */
export function shown(path: string, container: Inspected, image: ImageSettings): unknown {
  const special = views[path];
  return special === undefined
    ? path.split('.').reduce<unknown>((value, key) => asObject(value)[key], container)
    : special(container, image);
}

export type ImageSettings = {
  readonly Env?: readonly string[] | null;
  readonly Labels?: Readonly<Record<string, string>> | null;
};

/** What the engine's own command line says of an image's settings. */
export async function imageSettings(reference: string): Promise<ImageSettings> {
  const format = '{{json .Config}}';
  return JSON.parse(
    await dockerCommand('image', 'inspect', '--format', format, reference),
  ) as ImageSettings;
}

const views: Readonly<Record<string, (container: Inspected, image: ImageSettings) => unknown>> = {
  'own environment': ({ Config }, image) =>
    texts(Config['Env'])
      .filter((entry) => !(image.Env ?? []).includes(entry))
      .sort(),
  'own labels': ({ Config }, image) =>
    Object.fromEntries(
      Object.entries(asObject(Config['Labels'])).filter(
        ([key, value]) => image.Labels?.[key] !== value && !key.startsWith('lastgood.'),
      ),
    ),
  networks: ({ NetworkSettings, Id }) =>
    Object.fromEntries(
      Object.entries(NetworkSettings.Networks).map(([name, network]) => [
        name,
        {
          asked: network['IPAMConfig'],
          links: network['Links'],
          aliases: texts(network['Aliases']).filter((alias) => alias !== Id.slice(0, 12)),
          fixed:
            asObject(network['IPAMConfig'])['IPv4Address'] === undefined
              ? null
              : network['IPAddress'],
        },
      ]),
    ),
  'hardware address': ({ NetworkSettings }) =>
    Object.values(NetworkSettings.Networks).map((network) => network['MacAddress'])[0],
  // How they are asked for may change where the engine gave a name; what is mounted may not.
  'own mounts': ({ Mounts }) =>
    Mounts.filter(({ Type }) => Type !== 'volume')
      .map(withoutNothing)
      .sort(byPlace),
  volumes: ({ Mounts }) =>
    Mounts.filter(({ Type }) => Type === 'volume')
      .map(({ Name, Destination, RW }) => ({ Name, Destination, RW }))
      .sort(byPlace),
};

function withoutNothing(mount: object): object & { readonly Destination: string } {
  return { Destination: '', ...mount };
}

function byPlace(left: { Destination: string }, right: { Destination: string }): number {
  return left.Destination.localeCompare(right.Destination);
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

/** Everything whose name begins so, and what it alone kept. */
export async function sweep(name: string, networks: readonly string[] = []): Promise<void> {
  const ours = await dockerCommand('ps', '--all', '--quiet', '--filter', `name=${name}`);
  for (const id of ours.split('\n').filter(Boolean)) {
    await dockerCommand('rm', '--force', '--volumes', id);
  }
  for (const network of networks) {
    await dockerCommand('network', 'rm', network).catch(() => '');
  }
  const volumes = await dockerCommand('volume', 'ls', '--quiet', '--filter', `name=${name}`);
  for (const volume of volumes.split('\n').filter(Boolean)) {
    await dockerCommand('volume', 'rm', '--force', volume);
  }
}

export { inspected };
