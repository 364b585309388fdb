import { z } from 'zod';
import { RunName } from '../host/accounts.js';
import { look } from '../host/look.js';
import { AbsolutePath } from '../host/names.js';
import { workScript } from '../host/work-script.js';
import { shellCommand, shellQuote } from '../shell-quote.js';
import type { StepContext } from '../step-kind.js';
import {
  DatabaseName,
  ServerName,
  TableName,
  nameOf,
  quoteName,
  quoteTable,
  tableOf,
} from './names.js';
import { defineToolStep } from './tool-step.js';

const Params = z.strictObject({
  database: DatabaseName,
  /** Rows later than this backup are saved. */
  backup: AbsolutePath,
  /** Is made, at the place of the programs. Nothing may be there yet. */
  folder: AbsolutePath,
  tables: z
    .array(z.strictObject({ table: TableName, newest: ServerName }))
    .min(1)
    .max(100),
  run: RunName,
});
type Params = z.infer<typeof Params>;

/** What a restore is about to take away, as files that a person can read and load again. */
export const saveNewerRows = defineToolStep({
  kind: 'postgres.save-newer-rows',
  risk: 'change',
  repeatable: true,
  params: Params,
  before: z.strictObject({ wasThere: z.boolean() }),

  describe: ({ database, folder, tables }) =>
    `Save the rows of ${tables.map(({ table }) => table).join(', ')} in ${database} that are newer than the backup as CSV files in ${folder}`,
  commands: ({ database, backup, folder, tables }) =>
    tables.map(
      (one) =>
        `${shellCommand('psql', '-d', database, '-c', copySql(one, `the moment of ${backup}`))} >${shellQuote(`${folder}/${fileOf(one)}`)}`,
    ),
  undoText: () => null,

  async observe(params, context) {
    const isDone = await isThere(params, context);
    return {
      isDone,
      facts: isDone
        ? `This run saved the newer rows in ${params.folder}.`
        : `Nothing that this run saved to its end is in ${params.folder}.`,
    };
  },
  capture: async (params, context) => ({ wasThere: await isThere(params, context) }),

  script: ({ backup, folder, tables, run }) =>
    workScript(
      { dump: backup, folder, run },
      `${begin}${tables.map((one) => saveOne(one)).join('')}${end}`,
    ),
  undoScript: ({ folder }) =>
    workScript({ folder }, 'already "the saved rows stay where they are: $folder"\n'),
});

const fileOf = ({ table }: Params['tables'][number]): string => `${nameOf(tableOf(table))}.csv`;

function copySql({ table, newest }: Params['tables'][number], since: string): string {
  return `COPY (SELECT * FROM ${quoteTable(tableOf(table))} WHERE ${quoteName(newest)}::timestamptz > '${since.replaceAll("'", "''")}'::timestamptz) TO STDOUT (FORMAT csv, HEADER)`;
}

async function isThere(
  { database, folder, run }: Params,
  { connections, signal }: StepContext,
): Promise<boolean> {
  const { host, as } = await connections.databaseTools(database).place(signal);
  const text = `if grep -qxF ${shellQuote(`run=${run}`)} ${shellQuote(`${folder}/saved`)} 2>/dev/null; then echo yes; fi\n`;
  return (await look(host, { text, as, what: `Looking into ${folder}` }, signal)).trim() === 'yes';
}

/** The folder gets its name when all of it is there. Only characters of a date come into the SQL from beside the backup. */
const begin = `if grep -qxF "run=$run" "$folder/saved" 2>/dev/null; then already "the newer rows are in $folder already"; fi
if [ -e "$folder" ] || [ -L "$folder" ]; then fail "there is something at $folder already; it stays as it is and nothing was saved"; fi
[ -e "$dump" ] || fail "there is no backup at $dump; nothing was saved"
since=$(sed -n 's/^started=//p' "$dump.lastgood" 2>/dev/null | head -n 1 | tr -cd '0-9TZ:.-')
how='noted when it was made'
if [ -z "$since" ]; then
  since=$(date -u -r "$dump" +%Y-%m-%dT%H:%M:%SZ) || fail "the date of $dump cannot be seen; nothing was saved"
  how='the date of its file: rows written while it was made are not among them'
fi
part=$folder.part-$$
trap 'rm -rf "$part"' EXIT
trap 'exit 143' TERM INT HUP
mkdir -m 700 -- "$part" || fail "no folder can be made beside $folder; nothing was saved"
words=
`;

/** A moment without one of these characters cannot end the text it stands in. */
function saveOne(one: Params['tables'][number]): string {
  const sql = copySql(one, '@since@');
  return `file=${shellQuote(fileOf(one))}
sql=$(printf '%s\\n' ${shellQuote(sql)} | sed "s/@since@/$since/")
ask "$sql" >"$part/$file" || fail "the newer rows for $file cannot be saved; nothing was kept"
sum=$(sum_of "$part/$file")
printf '%s=%s\\n' "$file" "$sum" >>"$part/sums"
printf 'saved: %s, %s, SHA-256 %s\\n' "$file" "$(words_of_size "$(size_of "$part/$file")")" "$sum" >&2
words="$words; $file $(words_of_size "$(size_of "$part/$file")"), SHA-256 $sum"
`;
}

const end = `printf 'since=%s\\nrun=%s\\n' "$since" "$run" >"$part/saved" || fail "the list of what was saved cannot be written; nothing was kept"
sync
mv -- "$part" "$folder" || fail "the folder cannot be given its name; nothing was kept"
say "rows newer than $since ($how) are in $folder$words"
`;
