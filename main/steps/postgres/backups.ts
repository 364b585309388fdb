import { newestFirst } from '../../../shared/newest-first.js';
import type { Target } from '../../../shared/plan/target.js';
import type { DatabasePort, DatabaseTools } from '../../connections/ports.js';
import { look, rowsOf } from '../host/look.js';
import { shellQuote } from '../shell-quote.js';

export type DatabaseReach = {
  /** The name in the environment. */
  readonly name: string;
  readonly port: DatabasePort;
  readonly tools: DatabaseTools;
};

const maxFiles = '300';

/** Every file of the folder that is, was or claims to be a backup, newest first, by what its own header says. */
export async function listBackups(
  { port, tools }: DatabaseReach,
  folder: string,
  signal: AbortSignal,
): Promise<readonly Target[]> {
  const [place, { database, serverVersion }] = await Promise.all([
    tools.place(signal),
    port.info(signal),
  ]);
  const text = listScript(folder, place.programs.pg_restore.path);
  const what = `Looking for backups in ${folder}`;
  const stdout = await look(place.host, { text, as: place.as, what }, signal);
  return rowsOf(stdout, 'backup')
    .map((fields) => toTarget(fields, { database, major: Math.floor(serverVersion / 10_000) }))
    .toSorted(newestFirst);
}

/** A listing proves the header only: whether the rest is there is proven by reading to the end (preview, check). */
function listScript(folder: string, pgRestore: string): string {
  return `folder=${shellQuote(folder)}
[ -d "$folder" ] || fail "there is no folder $folder, or $(id -un) may not see it"
list=$(ls -t -- "$folder" | head -n ${maxFiles})
old=$IFS
IFS='
'
for name in $list; do
  file=$folder/$name
  case $name in *.lastgood | *.sha256) continue ;; esac
  form=other
  if [ -f "$file/toc.dat" ]; then
    form=directory
  elif [ -f "$file" ]; then
    [ -s "$file" ] || form=empty
    case $(head -c 5 <"$file" 2>/dev/null | tr -d '\\000') in
      PGDMP) form=custom ;;
      '--' | '--'*) form=plain ;;
    esac
  else
    continue
  fi
  case $form.$name in other.*.dump | other.*.backup | other.*.sql) form=unreadable ;; other.*) continue ;; esac
  head= why=
  case $form in
    custom | directory)
      if head=$(limited ${shellQuote(pgRestore)} --list "$file" 2>&1); then
        head=$(printf '%s\\n' "$head" | sed -n '1,14s/^; *//p')
      else
        why=$(printf '%s\\n' "$head" | tail -n 1) head=
      fi ;;
  esac
  fact() { printf '%s\\n' "$head" | sed -n "s/^$1: *//p" | head -n 1; }
  size=$(du -sk -- "$file" 2>/dev/null | cut -f 1)
  [ -d "$file" ] || size=$(wc -c <"$file")
  [ ! -d "$file" ] || size=$((size * 1024))
  row backup "$file" "$name" "$form" "$size" "$(date -u -r "$file" +%Y-%m-%dT%H:%M:%SZ)" "$(fact dbname)" \\
    "$(fact 'Dumped from database version')" "$(fact 'Dumped by pg_dump version')" "$why"
done
IFS=$old
`;
}

type Here = { readonly database: string; readonly major: number };

function toTarget(fields: readonly string[], here: Here): Target {
  const field = (index: number): string => fields[index] ?? '';
  const [form, at, size] = [field(2), field(4), field(3).trim()];
  const header = { form, dbname: field(5), from: field(6), why: field(8) };
  const problem = problemOf(header, here);
  return {
    id: field(0),
    version: field(1),
    names: [field(0)],
    createdAt: /^\d{4}-.*Z$/.test(at) ? at : null,
    sizeBytes: /^\d+$/.test(size) ? Number(size) : null,
    digest: null,
    isServing: false,
    subject: saidOf(header, field(7)),
    ...(problem === null ? {} : { problem }),
  };
}

function saidOf({ form, dbname, from }: Header, by: string): string {
  const words = [
    [form, ''],
    [dbname, 'of '],
    [from, 'server '],
    [by, 'pg_dump '],
  ] as const;
  return words.flatMap(([word, before]) => (word === '' ? [] : [before + word])).join(', ');
}

type Header = {
  readonly form: string;
  readonly dbname: string;
  readonly from: string;
  readonly why: string;
};

function problemOf({ form, dbname, from, why }: Header, { database, major }: Here): string | null {
  switch (form) {
    case 'empty':
      return 'It is empty.';
    case 'plain':
      return 'It is plain SQL, which pg_restore cannot read and psql would run with all it may hold.';
    case 'unreadable':
      return 'It is no backup of pg_dump.';
  }
  if (why !== '') {
    return `pg_restore cannot read it: ${why}`;
  }
  if (dbname !== '' && dbname !== database) {
    return `It is of another database: ${dbname}.`;
  }
  const dumped = Number.parseInt(from, 10);
  return dumped > major
    ? `It is of a newer server (${from}) than this one (${String(major)}).`
    : null;
}
