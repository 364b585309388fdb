import { shellQuote } from '../shell-quote.js';
import { FIELD, rowsOf } from './look.js';

/** A release as the host shows it; empty where it does not. */
export type ReleaseSight = {
  readonly path: string;
  /** With every link followed. */
  readonly real: string;
  /** Why it could not be started; empty where it is whole. */
  readonly missing: string;
  readonly changedAtSeconds: string;
  readonly kibibytes: string;
  /** As its package.json names it. */
  readonly version: string;
};

/** The first `"version": "…"` that has a line to itself; no control character may pass itself off as the end of a field. */
const versions = `FNR == 1 { found = 0 }
found || !/^[ \\t]*"version"[ \\t]*:[ \\t]*"[^"]*"/ { next }
{
  found = 1
  sub(/^[ \\t]*"version"[ \\t]*:[ \\t]*"/, "")
  sub(/".*/, "")
  folder = FILENAME
  sub(/\\/package\\.json$/, "", folder)
  if ($0 !~ /[\\001-\\037\\177]/) print "version" field $0 field folder
}`;

/**
 * Shell functions for looks at releases, where what must lie in one comes as quoted words. `look_at KIND PATH` says of one
 * whether it is whole and costs the host no program. `when_changed PATH…` and `measure PATH…` say of all, by one program each, when
 * they were changed, how large they are and which version they hold; what cannot be told stays open and holds nothing up. Files
 * that two releases share by hard links count for both.
 */
export function releaseFunctions(complete: readonly string[]): string {
  const inside = complete.map(shellQuote).join(' ');
  return `is_empty() {
  for within in "$1"/* "$1"/.[!.]* "$1"/..?*; do
    if [ -e "$within" ] || [ -L "$within" ]; then return 1; fi
  done
}
look_at() {
  real=$(cd -P -- "$2" 2>/dev/null && pwd -P) || real=
  missing=
  if [ -z "$real" ] || ! [ -r "$2" ]; then
    missing="unreadable for $(id -un)"
  elif is_empty "$2"; then
    missing=empty
  else
    for inside in ${inside === '' ? "''" : inside}; do
      [ -z "$inside" ] || [ -e "$2/$inside" ] || missing="\${missing:+$missing, }$inside is missing"
    done
  fi
  row "$1" "$2" "$real" "$missing"
}
when_changed() { stat -c ${shellQuote(`changed${FIELD}%Y${FIELD}%n`)} -- "$@" 2>/dev/null || :; }
measure() {
  limited du -skl -- "$@" 2>/dev/null | while IFS='\t' read -r size path; do row size "$size" "$path"; done
  for path do
    shift
    if [ -f "$path/package.json" ] && [ -r "$path/package.json" ]; then set -- "$@" "$path/package.json"; fi
  done
  [ $# -eq 0 ] || awk -v field="$field" ${shellQuote(versions)} "$@" 2>/dev/null || :
}
`;
}

/** What was said of those that were looked at as `kind`, in the order of the host. */
export function releaseSights(stdout: string, kind: string): readonly ReleaseSight[] {
  const byPath = (name: string): ReadonlyMap<string, string> =>
    new Map(rowsOf(stdout, name).map(([value = '', path = '']) => [path, value]));
  const changed = byPath('changed');
  const sizes = byPath('size');
  const found = byPath('version');
  return rowsOf(stdout, kind).map(([path = '', real = '', missing = '']) => ({
    path,
    real,
    missing,
    changedAtSeconds: changed.get(path) ?? '',
    kibibytes: sizes.get(path) ?? '',
    version: found.get(path) ?? '',
  }));
}

/** Null where the host did not say. */
export const bytesOf = ({ kibibytes }: ReleaseSight): number | null =>
  /^\d+$/.test(kibibytes) ? Number(kibibytes) * 1_024 : null;
