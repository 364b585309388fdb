/** What stands in a table now, against what a backup would bring back. */
export type TableLoss = {
  /** `schema.table`. */
  readonly table: string;
  readonly now: Count;
  /** Null where the backup has no rows of it that could be counted. */
  readonly inBackup: number | null;
  readonly newer: Newer;
};
/** Null where the rows may not be read. */
export type Count = { readonly rows: number; readonly isExact: boolean } | null;
/** Rows later than the backup by the column that the runbook names. */
export type Newer =
  | { readonly column: string; readonly rows: number; readonly isExact: boolean }
  | 'no-column-named'
  | 'not-counted';

/** `about 500 rows`. */
export function rowsWords(count: Count): string {
  return count === null
    ? 'may not be read'
    : `${count.isExact ? '' : 'about '}${String(count.rows)} rows`;
}

/** What a restore takes away, as it stands now; it never says "nothing", because counting cannot see what was changed. */
export function lossSentence(tables: readonly TableLoss[], moment: string): string {
  const known = tables.filter(({ inBackup }) => inBackup !== null);
  const isSame = ({ now, inBackup, newer }: TableLoss): boolean =>
    now !== null &&
    now.isExact &&
    now.rows === inBackup &&
    (typeof newer === 'string' || newer.rows === 0);
  const differing = known.filter((one) => !isSame(one));
  const same = known.filter(isSame);
  const list = (rest: readonly TableLoss[]): string => rest.map(({ table }) => table).join(', ');
  const unnamed = known.filter(({ newer }) => newer === 'no-column-named');
  const absent = tables.filter(({ inBackup }) => inBackup === null);
  return [
    `Back to ${moment}.`,
    ...differing.map((one) => `${tableWords(one)}.`),
    ...(same.length === 0 ? [] : [`As many rows as in the backup: ${list(same)}.`]),
    ...(unnamed.length === 0 ? [] : [`No time column is named for ${list(unnamed)}.`]),
    ...(absent.length === 0
      ? []
      : [`The backup has no rows that could be counted for ${list(absent)}.`]),
    'Rows that were changed or replaced since cannot be seen by counting: they go back too.',
  ].join('\n');
}

function tableWords({ table, now, inBackup, newer }: TableLoss): string {
  const old = String(inBackup ?? 0);
  if (now === null) {
    return `${table}: its rows now may not be read, ${old} in the backup`;
  }
  const difference = now.rows - (inBackup ?? 0);
  const about = now.isExact ? '' : 'about ';
  const sum =
    difference === 0
      ? ''
      : ` (${about}${String(Math.abs(difference))} ${difference > 0 ? 'fewer' : 'more'} after it)`;
  return `${table}: ${about}${String(now.rows)} rows now, ${old} in the backup${sum}${newerWords(newer)}`;
}

function newerWords(newer: Newer): string {
  if (newer === 'no-column-named') {
    return '';
  }
  return newer === 'not-counted'
    ? ', newer rows not counted'
    : `, ${newer.isExact ? '' : 'about '}${String(newer.rows)} newer by ${newer.column}`;
}
