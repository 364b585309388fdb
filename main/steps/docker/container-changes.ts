import type { Json } from '../../../shared/json.js';
import type { ForeseenChange } from '../../../shared/plan/foresight.js';
import { nameOfEntry } from './expected-config.js';
import { asObject, asTexts, isEmpty, isSame } from './json-difference.js';
import type { JsonObject } from './json-difference.js';
import { shortId } from './names.js';

/** A container as its two halves show it: what it runs, and how the host runs it. */
export type Shown = {
  readonly imageId: string;
  readonly config: JsonObject;
  readonly hostConfig: JsonObject;
  readonly networks: JsonObject;
};

type Side = { readonly text: string; readonly isSecret: boolean } | null;
type Pair = { readonly what: string; readonly from: Side; readonly to: Side };

/**
 * Everything that two containers show differently. What an operator may have put a secret into (environment, labels,
 * command lines, options) stands as a mark.
 */
export async function containerChanges(
  from: Shown,
  to: Shown,
  lost: ReadonlySet<string>,
  mark: (text: string) => Promise<string>,
): Promise<readonly ForeseenChange[]> {
  const pairs = [
    ...imagePair(from, to),
    ...mapPairs('environment variable', environmentOf(from), environmentOf(to)),
    ...mapPairs('label', asObject(from.config['Labels']), asObject(to.config['Labels'])),
    ...fieldPairs(ownFields(from.config), ownFields(to.config)),
    ...fieldPairs(hostFields(from.hostConfig), hostFields(to.hostConfig)),
    ...mapPairs('network', from.networks, to.networks),
  ];
  return Promise.all(
    pairs.map(async ({ what, from: left, to: right }) => ({
      what,
      from: await textOf(left, mark),
      to: await textOf(right, mark),
      because: reasonOf(what, lost),
    })),
  );
}

function imagePair(from: Shown, to: Shown): Pair[] {
  return from.imageId === to.imageId
    ? []
    : [{ what: 'image', from: clear(shortId(from.imageId)), to: clear(shortId(to.imageId)) }];
}

function environmentOf({ config }: Shown): JsonObject {
  return Object.fromEntries(
    asTexts(config['Env']).map((entry) => [
      nameOfEntry(entry),
      entry.slice(entry.indexOf('=') + 1),
    ]),
  );
}

const shownApart = new Set(['Env', 'Labels', 'Image', 'Hostname', 'OnBuild', 'Volumes']);

function ownFields(config: JsonObject): JsonObject {
  return without(config, shownApart);
}

/** Mounts are compared by what is mounted where; the restart policy of the old one is held while it is kept. */
const heldApart = new Set(['Mounts', 'RestartPolicy', 'ContainerIDFile', 'Links']);

function hostFields(hostConfig: JsonObject): JsonObject {
  return without(hostConfig, heldApart);
}

function without(fields: JsonObject, names: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.has(name)));
}

function fieldPairs(from: JsonObject, to: JsonObject): Pair[] {
  return mapPairs('', from, to);
}

function mapPairs(kind: string, from: JsonObject, to: JsonObject): Pair[] {
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return names
    .filter((name) => !isSame(from[name], to[name]))
    .map((name) => ({
      what: kind === '' ? name : `${kind} ${name}`,
      from: sideOf(kind, name, from[name]),
      to: sideOf(kind, name, to[name]),
    }));
}

/** Fields that hold words an operator typed freely: a command line or an option may carry a password. */
const freeWords = new Set([
  'Cmd',
  'Entrypoint',
  'Healthcheck',
  'LogConfig',
  'Annotations',
  'StorageOpt',
  'Shell',
]);

function sideOf(kind: string, name: string, value: Json | undefined): Side {
  if (value === undefined || (isEmpty(value) && kind !== 'environment variable')) {
    return null;
  }
  const isOurs = kind === 'label' && name.startsWith('lastgood.');
  const isSecret =
    kind === 'environment variable' || (kind === 'label' && !isOurs) || freeWords.has(name);
  return { text: typeof value === 'string' ? value : JSON.stringify(value), isSecret };
}

function clear(text: string): Side {
  return { text, isSecret: false };
}

async function textOf(side: Side, mark: (text: string) => Promise<string>): Promise<string | null> {
  if (side === null) {
    return null;
  }
  return side.isSecret ? `#${await mark(side.text)}` : side.text;
}

function reasonOf(what: string, lost: ReadonlySet<string>): ForeseenChange['because'] {
  if (what.startsWith('label lastgood.')) {
    return 'console';
  }
  return lost.has(what) ? 'lost' : 'target';
}
