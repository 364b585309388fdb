import type { ToolName, ToolProgram } from '../database-types.js';
import type { ProgramSet } from './choose-programs.js';

const names: readonly ToolName[] = ['pg_dump', 'pg_restore', 'psql'];

/**
 * Prints `set FOLDER`, then `NAME what it says of its version`, for each folder with all three; `no-setsid` where no job
 * can be detached. Debian's own pg_dump in PATH is a wrapper that chooses by another rule: the real ones lie beside.
 */
export const findScript = `command -v setsid >/dev/null 2>&1 || echo no-setsid
set -- /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/local/pgsql/bin /usr/libexec/postgresql* \\
  /opt/homebrew/opt/libpq/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/libpq/bin /usr/local/opt/postgresql*/bin \\
  /Library/PostgreSQL/*/bin /Applications/Postgres.app/Contents/Versions/*/bin
old=$IFS IFS=:
for folder in $PATH; do set -- "$@" "$folder"; done
IFS=$old
for folder do
  case $folder in /*) ;; *) continue ;; esac
  [ -x "$folder/pg_dump" ] && [ -x "$folder/pg_restore" ] && [ -x "$folder/psql" ] || continue
  case $(readlink -f "$folder/pg_dump" 2>/dev/null) in */pg_wrapper) continue ;; esac
  printf 'set %s\\n' "$folder"
  for name in pg_dump pg_restore psql; do
    printf '%s %s\\n' "$name" "$(LC_ALL=C "$folder/$name" --version 2>&1 </dev/null | head -n 1)"
  done
done
`;

/** Programs that cannot even say their version are left out. */
export function readPrograms(output: string): {
  readonly sets: readonly ProgramSet[];
  readonly canDetach: boolean;
} {
  const sets = new Map<string, Map<ToolName, ToolProgram>>();
  let folder = '';
  for (const line of output.split('\n')) {
    const at = line.indexOf(' ');
    const [word, rest] = [line.slice(0, at), line.slice(at + 1)];
    const name = names.find((one) => one === word);
    if (word === 'set') {
      folder = rest;
      sets.set(folder, new Map());
    } else if (name !== undefined) {
      const version = /\(PostgreSQL\) (\d+)((?:\.\d+)*)/.exec(rest);
      if (version !== null) {
        const [, major = '', minor = ''] = version;
        const program = { path: `${folder}/${name}`, version: major + minor, major: Number(major) };
        sets.get(folder)?.set(name, program);
      }
    }
  }
  return {
    sets: [...sets.values()].flatMap((set) => toSet(set)),
    canDetach: !/^no-setsid$/m.test(output),
  };
}

function toSet(found: ReadonlyMap<ToolName, ToolProgram>): readonly ProgramSet[] {
  const [pg_dump, pg_restore, psql] = names.map((name) => found.get(name));
  return pg_dump === undefined || pg_restore === undefined || psql === undefined
    ? []
    : [{ pg_dump, pg_restore, psql }];
}
