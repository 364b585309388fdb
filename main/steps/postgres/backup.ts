import { z } from 'zod';
import { RunName } from '../host/accounts.js';
import { AbsolutePath } from '../host/names.js';
import { workScript } from '../host/work-script.js';
import { shellCommand, shellQuote } from '../shell-quote.js';
import type { StepContext } from '../step-kind.js';
import { readBackupNote } from './backup-note.js';
import type { BackupNote } from './backup-note.js';
import { DatabaseName, SchemaName, quoteText } from './names.js';
import { defineToolStep } from './tool-step.js';
import { wordsOfBytes } from './words.js';

const Params = z.strictObject({
  database: DatabaseName,
  /** Where it is to lie, at the place of the programs. Nothing may be there yet. */
  file: AbsolutePath,
  /** Only these schemas, where the others are the platform's. Default: everything. */
  schemas: z.array(SchemaName).min(1).max(100).optional(),
  run: RunName,
});
type Params = z.infer<typeof Params>;

/**
 * The state of now as one file in the custom format, read to its end before it gets its name. Weakly compressed, because
 * the service may be standing still meanwhile.
 */
export const backup = defineToolStep({
  kind: 'postgres.backup',
  risk: 'change',
  repeatable: true,
  params: Params,
  before: z.strictObject({ wasThere: z.boolean() }),

  describe: ({ database, file, schemas }) =>
    `Back up ${schemas === undefined ? 'all' : `the schemas ${schemas.join(', ')}`} of ${database} into ${file} and read it to its end as proof`,
  commands: ({ file, schemas }) => [
    shellCommand('pg_dump', ...dumpWords(schemas), '-f', `${file}.part`),
    shellCommand('pg_restore', '-f', '/dev/null', `${file}.part`),
    `${shellCommand('sha256sum', `${file}.part`)} && ${shellCommand('mv', `${file}.part`, file)}`,
  ],
  undoText: () => null,

  async observe(params, context) {
    const note = await noteOf(params, context);
    const isOurs = note?.run === params.run;
    return {
      isDone: isOurs,
      facts: isOurs
        ? `${params.file} is there: ${wordsOfBytes(note.bytes)}, SHA-256 ${note.sha256}.`
        : `No backup of this run is at ${params.file}.`,
    };
  },
  async capture(params, context) {
    return { wasThere: (await noteOf(params, context)) !== null };
  },

  script: (params) =>
    workScript(
      { file: params.file, run: params.run, tables_in: tablesIn(params.schemas) },
      `${lookAtPlace}${makeDump(params)}${proveDump}${keepDump}`,
    ),
  undoScript: ({ file }) => workScript({ file }, 'already "the backup stays where it is: $file"\n'),
});

export function dumpWords(schemas: readonly string[] | undefined): readonly string[] {
  return [
    '-w',
    '-Fc',
    '-Z',
    '1',
    '--verbose',
    '--lock-wait-timeout=60s',
    ...(schemas ?? []).flatMap((schema) => ['-n', namePattern(schema)]),
  ];
}

/** pg_dump takes patterns; in quotes every character of a name means itself. */
function namePattern(schema: string): string {
  return `"${schema.replaceAll('"', '""')}"`;
}

function tablesIn(schemas: readonly string[] | undefined): string {
  const list = (schemas ?? []).map(quoteText).join(', ');
  const which =
    schemas === undefined
      ? "n.nspname !~ '^pg_' and n.nspname <> 'information_schema'"
      : `n.nspname in (${list})`;
  return `from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and ${which}`;
}

async function noteOf(
  { database, file }: Params,
  { connections, signal }: StepContext,
): Promise<BackupNote | null> {
  const place = await connections.databaseTools(database).place(signal);
  return readBackupNote(place, file, signal);
}

/**
 * A dump is smaller than its tables, nobody can say by how much: refused where it can hardly fit, said where it may not.
 * One that runs into a full disk ends without a name.
 */
const lookAtPlace = `note=$file.lastgood
folder=\${file%/*}
[ -d "$folder/." ] || fail "there is no folder $folder for the backup; nothing was done"
[ -w "$folder/." ] || fail "$folder cannot be written to by $(id -un); nothing was done"
if [ -e "$file" ] || [ -L "$file" ]; then
  grep -qxF "run=$run" "$note" 2>/dev/null && [ "sha256=$(sum_of "$file")" = "$(grep '^sha256=' "$note")" ] && already "$file was made by this run already"
  fail "there is something at $file already; it stays as it is and no backup was made"
fi
need=$(ask "select coalesce(sum(pg_table_size(c.oid)), 0)::bigint $tables_in") || fail "the size of the database cannot be seen"
free=$(df -Pk "$folder" | awk 'NR == 2 { print $4 * 1024 }')
printf 'tables: %s; free in %s: %s\\n' "$(words_of_size "$need")" "$folder" "$(words_of_size "$free")" >&2
[ "$(awk -v n="$need" -v f="$free" 'BEGIN { print (f * 4 < n || f < 1048576) }')" = 0 ] ||
  fail "the tables hold $(words_of_size "$need"), but only $(words_of_size "$free") are free in $folder; no backup was made"
[ "$(awk -v n="$need" -v f="$free" 'BEGIN { print (f < n) }')" = 0 ] ||
  printf 'the room may not be enough; if it is not, there is no backup and nothing else happens\\n' >&2
`;

const makeDump = ({ schemas }: Params): string => `part=$file.part-$$
trap 'rm -f "$part"' EXIT
trap 'exit 143' TERM INT HUP
identity=$(ask "select system_identifier from pg_control_system()" 2>/dev/null)
about=$(ask "select format(E'database=%s\\nserver=%s\\nstarted=%s', current_database(), current_setting('server_version_num'), to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD\\"T\\"HH24:MI:SS.US\\"Z\\"'))") || fail "the database does not answer"
total=$(ask "select count(*) $tables_in")
progress() { tell_tables '*dumping contents of table '; }
told "$pg_dump" ${dumpWords(schemas).map(shellQuote).join(' ')} -f "$part" || fail "pg_dump did not come to its end; there is no backup, and nothing else was done"
`;

const proveDump = `printf 'reading it to its end\\n' >&2
sums=$(mktemp) || fail "no temporary file can be made"
trap 'rm -f "$part" "$sums"' EXIT
sum_of "$part" >"$sums" 2>/dev/null &
"$pg_restore" -f /dev/null "$part" >&2 || fail "the backup cannot be read to its end; it was thrown away"
wait "$!" || fail "the checksum of the backup cannot be made"
sum=$(cat "$sums")
[ "\${#sum}" = 64 ] || fail "the checksum of the backup cannot be made"
`;

const keepDump = `bytes=$(size_of "$part")
printf '%s\\nidentity=%s\\nbytes=%s\\nsha256=%s\\nrun=%s\\n' "$about" "$identity" "$bytes" "$sum" "$run" >"$note" || fail "what the backup holds cannot be written beside it"
sync "$part" 2>/dev/null || sync
mv -f -- "$part" "$file" || fail "the backup cannot be given its name"
say "$file: $(words_of_size "$bytes"), SHA-256 $sum, read to its end"
`;
