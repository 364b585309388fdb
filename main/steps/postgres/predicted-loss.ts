/** What stands in a table now, against what a backup would bring back. */
export type TableLoss = {
  /** `schema.table`. */
  readonly table: string;
  readonly now: Count;
  /** It was to be counted, and the time was over or somebody held it locked. */
  readonly isLate: boolean;
  /** Null where the backup has no rows of it that could be counted. */
  readonly inBackup: number | null;
  readonly newer: Newer;
};
export type Count =
  | { readonly rows: number; readonly isExact: boolean }
  | 'may-not-be-read'
  /** And the server has no figure of its own. */
  | 'not-counted';
/** Rows later than the backup by the column that the runbook names. */
export type Newer =
  | { readonly column: string; readonly rows: number; readonly isExact: boolean }
  | 'no-column-named'
  | 'not-counted';

/** `about 500 rows`. */
export function rowsWords(count: Count): string {
  if (typeof count === 'string') {
    return count === 'may-not-be-read' ? 'may not be read' : 'not counted';
  }
  return `${count.isExact ? '' : 'about '}${String(count.rows)} rows`;
}

/** What a restore takes away, as it stands now; it never says "nothing", because counting cannot see what was changed. */
export function lossSentence(tables: readonly TableLoss[], moment: string): string {
  const known = tables.filter(({ inBackup }) => inBackup !== null);
  const isSame = ({ now, inBackup, newer }: TableLoss): boolean =>
    typeof now !== 'string' &&
    now.isExact &&
    now.rows === inBackup &&
    (typeof newer === 'string' || newer.rows === 0);
  const differing = known.filter((one) => !isSame(one));
  const same = known.filter(isSame);
  const list = (rest: readonly TableLoss[]): string => rest.map(({ table }) => table).join(', ');
  const unnamed = known.filter(({ newer }) => newer === 'no-column-named');
  const late = tables.filter(({ isLate }) => isLate);
  const absent = tables.filter(({ inBackup }) => inBackup === null);
  return [
    `Back to ${moment}.`,
    ...differing.map((one) => `${tableWords(one)}.`),
    ...(same.length === 0 ? [] : [`As many rows as in the backup: ${list(same)}.`]),
    ...(late.length === 0
      ? []
      : [
          `There was no time to count ${list(late)}, or somebody holds it locked: what is said of its rows now is the server’s own estimate.`,
        ]),
    ...(unnamed.length === 0 ? [] : [`No time column is named for ${list(unnamed)}.`]),
    ...(absent.length === 0
      ? []
      : [`The backup has no rows that could be counted for ${list(absent)}.`]),
    'Rows that were changed or replaced since cannot be seen by counting: they go back too.',
  ].join('\n');
}

function tableWords({ table, now, inBackup, newer }: TableLoss): string {
  const old = String(inBackup ?? 0);
  if (typeof now === 'string') {
    const why = now === 'may-not-be-read' ? 'may not be read' : 'were not counted';
    return `${table}: its rows now ${why}, ${old} in the backup${newerWords(newer)}`;
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
