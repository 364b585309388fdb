import { shellQuote } from '../shell-quote.js';

/** Values by name, each one word; then the script, which ends with `say` (host-step.ts): one line about what holds now. */
export function workScript(values: Readonly<Record<string, string>>, body: string): string {
  const lines = Object.entries(values).map(([name, value]) => `${name}=${shellQuote(value)}\n`);
  return lines.join('') + body;
}

/**
 * `kept` is a folder of this run beside its jobs, for this account only: what undo needs and no record may hold. It goes
 * with the jobs when the run is cleaned up, which takes it for one by its `begun`.
 */
export const keptFolder = `kept=\${0%/*/*}/kept
mkdir -p -m 700 "$kept" && true >"$kept/begun" || fail "no folder can be made in \${kept%/*}"
`;

/**
 * `as_owner FOLDER COMMAND…` runs it as whoever has the folder, so that nothing in it changes hands. Who that is is looked up
 * once, by as few programs as can be, and no session is opened for it: a service may stand still meanwhile. A subshell keeps
 * what was looked up before it, and nothing of what it looks up: `find_owner FOLDER` looks beforehand.
 */
export const asOwner = `owned= of= me=
account_of() {
  while IFS=: read -r name _ uid gid _ home _; do [ "$name" != "$of" ] || return 0; done
  uid= gid= home=
  return 1
}
find_owner() {
  [ "$1" != "$owned" ] || return 0
  whose=$(stat -c %U -- "$1") || return
  owned=$1
  [ "$whose" != "$of" ] || return 0
  of=$whose uid= gid= home=
  [ -n "$me" ] || me=$(id -u)
  # Who is not in the file, as an account of a directory service, is asked for.
  [ "$me" != 0 ] || account_of </etc/passwd || account_of <<LASTGOOD || :
$(getent passwd "$of")
LASTGOOD
}
as_owner() {
  find_owner "$1" || return
  shift
  if [ "$me" != 0 ] || [ "$of" = root ]; then
    "$@"
  elif [ -n "$uid" ] && command -v setpriv >/dev/null 2>&1; then
    HOME=\${home:-/} setpriv --reuid="$uid" --regid="$gid" --init-groups -- "$@"
  elif command -v runuser >/dev/null 2>&1; then
    runuser -u "$of" -- env HOME="\${home:-/}" "$@"
  else
    sudo -n -u "$of" -- env HOME="\${home:-/}" "$@"
  fi
}
`;
