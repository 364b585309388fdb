import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { writeFileAtomically } from './atomic-file.js';
import { isOursAlone } from './compiled-program.js';
import type { DataPaths } from './data-paths.js';

/** Old ones of files that have changed since. */
const MOST_KEPT = 20;

/**
 * What the YAML of runbooks said when it was last read, so that a start does not wait for the parser. A copy stands for one text,
 * letter by letter, and for one way of reading; the schema is asked every time. Deleting them loses nothing but time.
 */
export type ReadBefore = {
  /** Undefined where there is no copy, or none that is whole. */
  readonly find: (text: string) => Promise<unknown>;
  /** Resolves when it is kept, or cannot be: nothing depends on it. */
  readonly keep: (text: string, content: unknown) => Promise<void>;
};

/** `reader`: whatever else decides what a text says. */
export function openReadBefore(
  { root, browser, runbooksRead: folder }: DataPaths,
  reader: string,
): ReadBefore {
  // A run does what stands there: where others could write, nothing is believed.
  return isOursAlone(root) && isOursAlone(browser) ? copiesIn(folder, reader) : noCopies;
}

const noCopies: ReadBefore = {
  find: () => Promise.resolve(undefined),
  keep: () => Promise.resolve(),
};

function copiesIn(folder: string, reader: string): ReadBefore {
  const fileOf = (text: string): string => path.join(folder, `${hashOf(reader, text)}.json`);
  return {
    find: async (text) => {
      try {
        const copy = await readFile(fileOf(text), 'utf8');
        const sum = copy.slice(0, SUM_LENGTH);
        const json = copy.slice(SUM_LENGTH);
        return hashOf(text, json) === sum ? (JSON.parse(json) as unknown) : undefined;
      } catch {
        return undefined;
      }
    },
    keep: async (text, content) => {
      try {
        const json = JSON.stringify(content);
        // YAML can say what JSON cannot, `.nan` for one: then it is read anew each time.
        if (!isDeepStrictEqual(JSON.parse(json), content)) {
          return;
        }
        await writeFileAtomically(fileOf(text), `${hashOf(text, json)}${json}`);
        await forgetOldest(folder);
      } catch {
        // What cannot be kept costs the next start some time, and this one nothing.
      }
    },
  };
}

const SUM_LENGTH = 64;

/** Of both, so that neither a half-written copy nor one of another text is taken. */
const hashOf = (one: string, other: string): string =>
  createHash('sha256')
    .update(`${String(one.length)}\n${one}${other}`)
    .digest('hex');

async function forgetOldest(folder: string): Promise<void> {
  const names = await readdir(folder);
  const aged = await Promise.all(
    names.map(async (name) => {
      const file = path.join(folder, name);
      return { file, at: (await stat(file)).mtimeMs };
    }),
  );
  const old = aged.toSorted((left, right) => right.at - left.at).slice(MOST_KEPT);
  await Promise.all(old.map(({ file }) => rm(file, { force: true })));
}
