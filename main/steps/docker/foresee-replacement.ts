import { count } from '../../../shared/count.js';
import type { ForeseenChange, Foresight } from '../../../shared/plan/foresight.js';
import type { ContainerDetails, ContainerSpec, ImageDetails } from '../../connections/ports.js';
import { composeWords } from './compose.js';
import { containerChanges } from './container-changes.js';
import { expectedConfig } from './expected-config.js';
import { asObject, asTexts, isEmpty, isSame } from './json-difference.js';
import type { JsonObject } from './json-difference.js';
import { replacementEndpoints } from './replacement-networks.js';
import { replacementSpec } from './replacement-spec.js';
import { settingsDifferences } from './settings-differences.js';

type Pair = { readonly container: ContainerDetails; readonly image: ImageDetails };
type Mark = (text: string) => Promise<string>;

/** Before the replacement is made: what it will show, as far as the request and the new image tell. */
export async function foreseeCreation(
  old: Pair,
  replacement: {
    readonly name: string;
    readonly spec: ContainerSpec;
    readonly image: ImageDetails;
  },
  mark: Mark,
): Promise<Foresight> {
  const { name, spec, image } = replacement;
  const expected = {
    imageId: image.id,
    config: { ...expectedConfig(spec, image), Image: '' },
    hostConfig: { ...old.container.hostConfig, ...spec.HostConfig },
    networks: asObject(spec.NetworkingConfig.EndpointsConfig),
  };
  const changes = await containerChanges(shownBy(old), expected, new Set(), mark);
  return foresightOf(`${old.container.name} now ↔ ${name}`, changes, old);
}

/** Once the replacement is there: both as the engine shows them. */
export async function foreseeExchange(old: Pair, now: Pair, mark: Mark): Promise<Foresight> {
  const lost = new Set(settingsDifferences(old, now));
  const shown = await containerChanges(shownBy(old), shownBy(now), lost, mark);
  const named = new Set(shown.map(({ what }) => what));
  const changes = [...shown, ...[...lost].filter((what) => !named.has(what)).map(unnamed)];
  return foresightOf(`${old.container.name} ↔ ${now.container.name}`, changes, old);
}

/** Of mounts and the like only the name is told. */
function unnamed(what: string): ForeseenChange {
  return { what, from: 'as it was set', to: 'different', because: 'lost' };
}

function shownBy({ container }: Pair): Parameters<typeof containerChanges>[0] {
  return {
    imageId: container.imageId,
    config: { ...container.config, Labels: container.labels },
    hostConfig: container.hostConfig,
    networks: asObject(replacementEndpoints(container)),
  };
}

function foresightOf(title: string, changes: readonly ForeseenChange[], old: Pair): Foresight {
  return {
    about: 'settings',
    title,
    changes: [...changes],
    carried: [...carriedBy(old)],
    obstacles: [],
    warnings: [...warningsOf(old.container)],
  };
}

/** What of the container is the operator's own, in numbers and names; never in values. */
function carriedBy({ container, image }: Pair): readonly string[] {
  const own = replacementSpec(container, image, '', {});
  const { hostConfig } = container;
  const published = Object.keys(asObject(hostConfig['PortBindings'])).length;
  const counted: readonly (readonly [number, string])[] = [
    [asTexts(own['Env']).length, 'environment variable'],
    [Object.keys(own.Labels).length, 'label'],
    [published, 'published port'],
    [container.mounts.length, 'mount'],
    [Object.keys(own.NetworkingConfig.EndpointsConfig).length, 'network'],
  ];
  return [
    ...counted.filter(([number]) => number > 0).map(([number, name]) => count(number, name)),
    ...chosenIn(hostConfig),
  ];
}

/** Shown above in numbers, or the engine's own bookkeeping. */
const notNamed = new Set([
  ...[
    'PortBindings',
    'Binds',
    'Mounts',
    'VolumesFrom',
    'NetworkMode',
    'ConsoleSize',
    'MaskedPaths',
  ],
  ...['ReadonlyPaths', 'ContainerIDFile', 'CgroupnsMode', 'Runtime', 'Isolation', 'LogConfig'],
]);
const engineDefaults: JsonObject = { ShmSize: 67_108_864, IpcMode: 'private' };

function chosenIn(hostConfig: JsonObject): readonly string[] {
  return Object.entries(hostConfig)
    .filter(
      ([name, value]) =>
        !notNamed.has(name) &&
        !isEmpty(value) &&
        value !== 0 &&
        value !== false &&
        !isSame(value, engineDefaults[name]) &&
        !(name === 'RestartPolicy' && isSame(asObject(value)['Name'], 'no')),
    )
    .map(([name]) => name);
}

function warningsOf(container: ContainerDetails): readonly string[] {
  const compose = composeWords(container);
  return [
    ...(compose === null ? [] : [compose]),
    ...(container.autoRemove
      ? [
          `${container.name} was started with --rm: it vanishes when it stops. What is needed to make it again is kept encrypted on this console until the run is closed; its log and what it wrote outside its volumes are lost.`,
        ]
      : []),
    ...(container.status === 'paused'
      ? [`${container.name} is paused: it is unpaused first, so that it can stop by itself.`]
      : []),
    ...(container.status === 'restarting'
      ? [`${container.name} ends and is restarted again and again; stopping it ends that.`]
      : []),
  ];
}
