import { parseArgs } from 'node:util';
import { Stop } from './terminal.mjs';

/**
 * Options that are numbers above nothing, `whole` or of any kind; null where one is not given. Anything else ends the
 * script with its usage.
 * @template {string} Name
 * @param {string} usage
 * @param {Readonly<Record<Name, 'whole' | 'any'>>} kinds
 * @param {readonly string[]} args
 * @returns {Record<Name, number | null>}
 */
export function readNumberOptions(usage, kinds, args = process.argv.slice(2)) {
  const names = /** @type {Name[]} */ (Object.keys(kinds));
  try {
    const options = Object.fromEntries(
      names.map((name) => [name, { type: /** @type {const} */ ('string') }]),
    );
    const { values } = parseArgs({ args: [...args], options });
    const read = names.map((name) => [name, numberOf(values[name], kinds[name])]);
    return /** @type {Record<Name, number | null>} */ (Object.fromEntries(read));
  } catch {
    throw new Stop(usage, 2);
  }
}

/** @param {unknown} text @param {'whole' | 'any'} kind */
function numberOf(text, kind) {
  if (text === undefined) {
    return null;
  }
  const number = Number(text);
  if (
    !(number > 0) ||
    !(kind === 'whole' ? Number.isSafeInteger(number) : Number.isFinite(number))
  ) {
    throw new Error('Not a number of that kind.');
  }
  return number;
}

/** A seed for a run that nobody gave one. */
export const anySeed = () => Math.ceil(Math.random() * 1_000_000);
