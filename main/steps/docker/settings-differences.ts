import { posix } from 'node:path';
import type { ContainerDetails, ContainerSpec, ImageDetails } from '../../connections/ports.js';
import { restartText } from './containers.js';
import { asList, asObject, asText, asTexts, isSame } from './json-difference.js';
import type { JsonObject } from './json-difference.js';
import { restartLabel } from './names.js';
import { replacementSpec } from './replacement-spec.js';

type Pair = { readonly container: ContainerDetails; readonly image: ImageDetails };

/**
 * Names of the settings in which the new container is not set up like the kept one. What each got from its own image may
 * differ. Names only: a value may be a secret.
 */
export function settingsDifferences(kept: Pair, now: Pair): readonly string[] {
  const wanted = replacementSpec(kept.container, kept.image, '', {});
  const found = replacementSpec(now.container, now.image, '', {});
  return [
    ...configDifferences(wanted, found, kept.container.config, now.container.config),
    ...environmentDifferences(wanted, found, kept.container.config, now.container.config),
    ...labelDifferences(wanted, found, kept.container.labels, now.container.labels),
    ...hostDifferences(wanted, found),
    ...mountDifference(wanted, found, asObject(now.image.config['Volumes'])),
    ...restartDifference(kept.container, now.container),
    ...networkDifferences(wanted, found),
  ];
}

const comparedApart = new Set(['Image', 'Env', 'Labels', 'HostConfig', 'NetworkingConfig']);

/** What one side set for itself must hold on the other, also where that side has it from its image. */
function configDifferences(
  wanted: ContainerSpec,
  found: ContainerSpec,
  kept: JsonObject,
  now: JsonObject,
): string[] {
  const keys = new Set([...Object.keys(wanted), ...Object.keys(found)]);
  return [...keys].filter((key) => {
    if (comparedApart.has(key)) {
      return false;
    }
    const holds = (spec: ContainerSpec, other: JsonObject): boolean =>
      spec[key] === undefined || isHeld(spec[key], other[key]);
    return !(holds(wanted, now) && holds(found, kept));
  });
}

/** Parts of a map (ports, volumes, health check) need to be among the other's parts; anything else must be equal. */
function isHeld(own: JsonObject[string], other: JsonObject[string] | undefined): boolean {
  if (typeof own !== 'object' || own === null || Array.isArray(own)) {
    return isSame(own, other) || (isSame(own, ['']) && isSame(other, null));
  }
  const parts = asObject(other);
  return Object.entries(own).every(
    ([key, value]) => Object.hasOwn(parts, key) && isSame(value, parts[key]),
  );
}

function environmentDifferences(
  wanted: ContainerSpec,
  found: ContainerSpec,
  kept: JsonObject,
  now: JsonObject,
): string[] {
  const missing = lacking(asTexts(wanted['Env']), asTexts(now['Env']));
  const extra = lacking(asTexts(found['Env']), asTexts(kept['Env']));
  return unique(
    [...missing, ...extra].map((entry) => `environment variable ${entry.split('=')[0] ?? ''}`),
  );
}

function lacking(entries: readonly string[], others: readonly string[]): string[] {
  const present = new Set(others);
  return entries.filter((entry) => !present.has(entry));
}

type Labels = Readonly<Record<string, string>>;

function labelDifferences(
  wanted: ContainerSpec,
  found: ContainerSpec,
  kept: Labels,
  now: Labels,
): string[] {
  const missing = Object.entries(wanted.Labels).filter(([key, value]) => now[key] !== value);
  const extra = Object.entries(found.Labels).filter(([key, value]) => kept[key] !== value);
  const names = [...missing, ...extra]
    .map(([key]) => key)
    .filter((key) => !key.startsWith('lastgood.'));
  return unique(names.map((name) => `label ${name}`));
}

function hostDifferences(wanted: ContainerSpec, found: ContainerSpec): string[] {
  const { RestartPolicy: _wanted, Mounts: _left, ...left } = wanted.HostConfig;
  const { RestartPolicy: _found, Mounts: _right, ...right } = found.HostConfig;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].filter((key) => !isSame(left[key], right[key]));
}

/** Where the new image wants a volume that the old one had not, it has one of its own. */
function mountDifference(
  wanted: ContainerSpec,
  found: ContainerSpec,
  imageVolumes: JsonObject,
): string[] {
  const left = mountsOf(wanted);
  const right = mountsOf(found);
  const isCarried = [...left].every(([target, mount]) => isSame(mount, right.get(target)));
  const isExtra = (target: string): boolean =>
    !left.has(target) && !Object.hasOwn(imageVolumes, target);
  return isCarried && ![...right.keys()].some(isExtra) ? [] : ['Mounts'];
}

/** By where they are mounted. How an empty volume is filled matters only when it is made. */
function mountsOf({ HostConfig }: ContainerSpec): ReadonlyMap<string, JsonObject> {
  return new Map(
    asList(HostConfig['Mounts']).map((entry) => {
      const { VolumeOptions: options, ...mount } = asObject(entry);
      const { NoCopy: _filled, ...rest } = asObject(options);
      return [
        posix.resolve('/', asText(mount['Target'])),
        { ...mount, VolumeOptions: rest },
      ] as const;
    }),
  );
}

/** The kept container's own policy is switched off while it is kept; what it was is on the new one's label. */
function restartDifference(kept: ContainerDetails, now: ContainerDetails): string[] {
  const wanted = now.labels[restartLabel] ?? restartText(kept);
  return wanted === restartText(now) ? [] : ['restart policy'];
}

function networkDifferences(wanted: ContainerSpec, found: ContainerSpec): string[] {
  const left = wanted.NetworkingConfig.EndpointsConfig;
  const right = found.NetworkingConfig.EndpointsConfig;
  const names = unique([...Object.keys(left), ...Object.keys(right)]);
  return names
    .filter((name) => !(name in left && name in right && isSame(left[name], right[name])))
    .map((name) => `network ${name}`);
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
