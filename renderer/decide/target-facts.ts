import type { Target } from '../../shared/plan/target.js';

/** `sha256:9e12b613cf8e…` becomes the twelve characters that the engine itself prints. */
export function shortId(id: string): string {
  return id.replace(/^sha256:/, '').slice(0, 12);
}

/** Less would be told as 0.0 MB. */
const LEAST_MEGABYTE_SHOWN = 50_000;

export function sizeText(bytes: number | null): string {
  if (bytes === null) {
    return 'not known';
  }
  if (bytes < LEAST_MEGABYTE_SHOWN) {
    return `${(bytes / 1_000).toFixed(1)} kB`;
  }
  const megabytes = bytes / 1_000_000;
  return megabytes >= 1_000
    ? `${(megabytes / 1_000).toFixed(1)} GB`
    : `${megabytes < 10 ? megabytes.toFixed(1) : Math.round(megabytes).toString()} MB`;
}

/** Names that say nothing of a version and move from image to image: `latest`, `stable`. */
export function movingNames({ names, version }: Target): readonly string[] {
  return names.map(tagOf).filter((tag) => tag !== version && !/\d/.test(tag));
}

/** Further names that do hold a version. */
export function otherNames(target: Target): readonly string[] {
  const moving = movingNames(target);
  return target.names.map(tagOf).filter((tag) => tag !== target.version && !moving.includes(tag));
}

/** A path names the release itself, so what stands last in it says as much. */
function tagOf(name: string): string {
  if (name.startsWith('/')) {
    return name.slice(name.lastIndexOf('/') + 1);
  }
  const colon = name.lastIndexOf(':');
  return colon > name.lastIndexOf('/') ? name.slice(colon + 1) : name;
}

/** The serving one first where it belongs by age: newest on top, unknown ages last. */
export function byAge(targets: readonly Target[]): readonly Target[] {
  return targets.toSorted((a, b) => (b.createdAt ?? '').localeCompare(a.createdAt ?? ''));
}
