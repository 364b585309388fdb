import { posix } from 'node:path';
import type { ContainerDetails } from '../../connections/ports.js';
import { asList, asObject, asText, asTexts, isEmpty } from './json-difference.js';
import type { JsonObject } from './json-difference.js';

/**
 * Anonymous volumes have no name in the settings: a plain copy of those would get new, empty ones. They are named here from
 * what is really mounted, so that the data stays.
 */
export function replacementMounts(old: ContainerDetails): JsonObject {
  const volumeAt = new Map(
    old.mounts
      .filter((mount) => mount['Type'] === 'volume' && !isEmpty(mount['Name']))
      .map((mount) => [asText(mount['Destination']), mount] as const),
  );
  const asked = asList(old.hostConfig['Mounts']).map(asObject);
  const covered = new Set([
    ...asTexts(old.hostConfig['Binds']).map(bindTarget),
    ...asked.map((mount) => asPlace(asText(mount['Target']))),
  ]);
  const named = asked.map((mount) => {
    const volume = volumeAt.get(asPlace(asText(mount['Target'])));
    const isAnonymous = mount['Type'] === 'volume' && isEmpty(mount['Source']);
    return isAnonymous && volume !== undefined
      ? { ...mount, Source: asText(volume['Name']) }
      : mount;
  });
  const kept = [...volumeAt]
    .filter(([target]) => !covered.has(target))
    .map(([, volume]) => toMount(volume));
  const mounts = [...named, ...kept];
  return mounts.length === 0 ? {} : { Mounts: mounts };
}

function toMount(volume: JsonObject): JsonObject {
  return {
    Type: 'volume',
    Source: asText(volume['Name']),
    Target: asText(volume['Destination']),
    ...(volume['RW'] === false ? { ReadOnly: true } : {}),
    // Otherwise the engine would copy the new image's files into an empty volume while the old container still uses it.
    VolumeOptions: { NoCopy: true },
  };
}

/** `name:/target`, `/path:/target:ro`. */
function bindTarget(bind: string): string {
  return asPlace(bind.split(':')[1] ?? '');
}

/** As the engine writes it down: it takes `/data/` too, and says `/data`; both at once it refuses. */
function asPlace(target: string): string {
  const place = posix.normalize(target);
  return place.length > 1 && place.endsWith('/') ? place.slice(0, -1) : place;
}
