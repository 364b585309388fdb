import { newestFirst } from '../../../shared/newest-first.js';
import type { Target } from '../../../shared/plan/target.js';
import type { HostPort } from '../../connections/ports.js';
import { shellQuote } from '../shell-quote.js';
import { accountOf, look, rowsOf } from './look.js';

/** A folder of releases on a host, with every variable filled in. */
export type ReleasePlace = {
  readonly folder: string;
  readonly current: string;
  readonly pattern: string | null;
  readonly complete: readonly string[];
  readonly owner: string | null;
};

/** Every release in the folder, newest first, the one that serves among them, read by one script. */
export async function listReleases(
  port: HostPort,
  place: ReleasePlace,
  signal: AbortSignal,
): Promise<readonly Target[]> {
  const as = await accountOf(port, place.owner, signal);
  const what = `Looking for releases in ${place.folder}`;
  const script = { text: listScript(place), as, mayBeSeen: true };
  const stdout = await look(port, { ...script, what }, signal);
  const [current = []] = rowsOf(stdout, 'current');
  const [form = 'none', serving = ''] = current;
  const releases = rowsOf(stdout, 'release').flatMap((fields) => {
    const target = toTarget(fields, serving);
    const isRelease =
      place.pattern === null || target.isServing || new RegExp(place.pattern).test(target.version);
    return isRelease ? [target] : [];
  });
  const unlisted = form === 'folder' ? rowsOf(stdout, 'serving') : [];
  const extra = unlisted.map((fields) => servingFolder(fields, serving));
  return [...extra, ...releases].toSorted(newestFirst);
}

/** One row per release: path, real path, when it was changed, KiB, what is missing, the version in its package. */
export function listScript({ folder, current, complete }: ReleasePlace): string {
  return `${lookAtRelease(complete)}
folder=${shellQuote(folder)}
current=${shellQuote(current)}
[ -d "$folder" ] || fail "there is no folder $folder, or $(id -un) may not see it"
[ -r "$folder" ] || fail "$(id -un) may not read the folder $folder"
if [ -L "$current" ]; then
  row current link "$(readlink -f -- "$current" || :)"
elif [ -d "$current" ]; then
  row current folder "$(cd -P -- "$current" && pwd -P)"
  look_at serving "$current"
else
  row current none ''
fi
for path in "$folder"/*; do
  [ -d "$path" ] && ! [ -L "$path" ] || continue
  [ "$path" != "$current" ] || continue
  # A name with line ends could pass itself off as another row.
  case $path in *[[:cntrl:]]*) continue ;; esac
  look_at release "$path"
done
`;
}

/** Defines `look_at`; what must lie in a release comes as quoted words. */
export function lookAtRelease(complete: readonly string[]): string {
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
  changed=$(stat -c %Y -- "$2" 2>/dev/null || :)
  size=$(limited du -sk -- "$2" 2>/dev/null)
  size=\${size%%[!0-9]*}
  version=
  [ ! -r "$2/package.json" ] || version=$(sed -n '/^[[:space:]]*"version"[[:space:]]*:[[:space:]]*"[^"[:cntrl:]]*"/{
s/^[[:space:]]*"version"[[:space:]]*:[[:space:]]*"\\([^"[:cntrl:]]*\\)".*/\\1/p
q
}' "$2/package.json")
  row "$1" "$2" "$real" "$changed" "$size" "$missing" "$version"
}
`;
}

function toTarget(fields: readonly string[], serving: string): Target {
  const [path = '', real = '', changed = '', kibibytes = '', missing = '', version = ''] = fields;
  const name = path.slice(path.lastIndexOf('/') + 1);
  return {
    id: path,
    version: name,
    names: [path],
    createdAt: isoOf(changed),
    sizeBytes: /^\d+$/.test(kibibytes) ? Number(kibibytes) * 1_024 : null,
    digest: null,
    isServing: real !== '' && real === serving,
    ...(version === '' || name.replace(/^v/, '') === version
      ? {}
      : { subject: `version ${version} by its package.json` }),
    ...(missing === '' ? {} : { problem: missing }),
  };
}

/** Where `current` is no link, what serves has no release folder; its package says which version it is. */
function servingFolder(fields: readonly string[], serving: string): Target {
  const target = toTarget(fields, serving);
  const packaged = fields[5] ?? '';
  return {
    ...target,
    version: packaged === '' ? target.version : `v${packaged.replace(/^v/, '')}`,
    subject: 'a folder of its own, not a link to a release',
    isServing: true,
  };
}

function isoOf(epochSeconds: string): string | null {
  return /^\d{1,11}$/.test(epochSeconds)
    ? new Date(Number(epochSeconds) * 1_000).toISOString()
    : null;
}
