import { readSql } from './sql-statements.js';
import type { SqlStatement } from './sql-statements.js';

export type MigrationForm =
  /** May be run in a transaction of ours. */
  | { readonly form: 'transaction' }
  /** Holds something that the server takes outside of a transaction only: half of it may stay. */
  | { readonly form: 'alone'; readonly because: string }
  | { readonly form: 'refused'; readonly because: string };

/** What is known of a migration's text before anything of it is run. */
export function judgeMigration(text: string): MigrationForm {
  const sql = readSql(text);
  if ('fault' in sql) {
    return { form: 'refused', because: `${faults[sql.fault]}: ${sql.near}` };
  }
  if (sql.statements.length === 0) {
    return { form: 'refused', because: 'it holds no statement' };
  }
  const own = sql.statements.find(({ words }) => endsTransaction(words));
  if (own !== undefined) {
    return { form: 'refused', because: `it begins or ends a transaction by itself: ${short(own)}` };
  }
  const alone = sql.statements.find(({ words }) => wantsNoTransaction(words));
  return alone === undefined
    ? { form: 'transaction' }
    : { form: 'alone', because: `it cannot run in a transaction: ${short(alone)}` };
}

const faults = {
  unterminated: 'a quote or a comment in it never ends',
  'psql-command': 'it holds a command of psql',
  'copy-from-stdin': 'it holds rows for COPY FROM stdin',
} as const;

function endsTransaction(words: readonly string[]): boolean {
  const [first, second] = words.filter((word, index) => index !== 1 || word !== 'work');
  switch (first) {
    case 'begin':
    case 'commit':
    case 'end':
    case 'abort':
      return true;
    case 'start':
    case 'prepare':
      return second === 'transaction';
    case 'rollback':
      // Back to a savepoint stays inside.
      return second !== 'to' && !(second === 'transaction' && words[2] === 'to');
    default:
      return false;
  }
}

function wantsNoTransaction(words: readonly string[]): boolean {
  const [first = '', second = ''] = words;
  const rule = Object.hasOwn(aloneRules, first) ? aloneRules[first] : undefined;
  return rule?.(words, second) ?? false;
}

type AloneRule = (words: readonly string[], second: string) => boolean;

const makesOrDrops: AloneRule = (words, second) =>
  ['database', 'tablespace', 'subscription'].includes(second) ||
  (words.slice(1, 3).includes('index') && words.slice(2, 4).includes('concurrently'));

const aloneRules: Readonly<Record<string, AloneRule>> = {
  vacuum: () => true,
  cluster: (words) => words.length === 1,
  create: makesOrDrops,
  drop: makesOrDrops,
  reindex: (words, second) =>
    ['database', 'system', 'schema'].includes(second) || words.includes('concurrently'),
  alter: (words, second) =>
    second === 'system' ||
    (second === 'database' && words.includes('tablespace')) ||
    (second === 'table' && words.includes('detach') && words.at(-1) === 'concurrently'),
};

const short = ({ text }: SqlStatement): string => text.replace(/\s+/g, ' ').slice(0, 80);
