import { newestFirst } from '../../../shared/newest-first.js';
import type { Target } from '../../../shared/plan/target.js';
import type { HostPort } from '../../connections/ports.js';
import { shellQuote } from '../shell-quote.js';
import { accountOf, look, rowsOf } from './look.js';
import { bytesOf, releaseFunctions, releaseSights } from './release-look.js';
import type { ReleaseSight } from './release-look.js';

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
  const releases = releaseSights(stdout, 'release').flatMap((sight) => {
    const target = toTarget(sight, serving);
    const isRelease =
      place.pattern === null || target.isServing || new RegExp(place.pattern).test(target.version);
    return isRelease ? [target] : [];
  });
  const unlisted = form === 'folder' ? releaseSights(stdout, 'serving') : [];
  const extra = unlisted.map((sight) => servingFolder(sight, serving));
  return [...extra, ...releases].toSorted(newestFirst);
}

/** What serves, then every release (release-look.ts). */
export function listScript({ folder, current, complete }: ReleasePlace): string {
  return `${releaseFunctions(complete)}set --
folder=${shellQuote(folder)}
current=${shellQuote(current)}
[ -d "$folder" ] || fail "there is no folder $folder, or $(id -un) may not see it"
[ -r "$folder" ] || fail "$(id -un) may not read the folder $folder"
if [ -L "$current" ]; then
  row current link "$(readlink -f -- "$current" || :)"
elif [ -d "$current" ]; then
  row current folder "$(cd -P -- "$current" && pwd -P)"
  look_at serving "$current"
  set -- "$current"
else
  row current none ''
fi
for path in "$folder"/*; do
  [ -d "$path" ] && ! [ -L "$path" ] || continue
  [ "$path" != "$current" ] || continue
  # A name with line ends could pass itself off as another row.
  case $path in *[[:cntrl:]]*) continue ;; esac
  look_at release "$path"
  set -- "$@" "$path"
done
[ $# -gt 0 ] || exit 0
when_changed "$@"
measure "$@"
`;
}

function toTarget(sight: ReleaseSight, serving: string): Target {
  const { path, real, missing, version } = sight;
  const name = path.slice(path.lastIndexOf('/') + 1);
  return {
    id: path,
    version: name,
    names: [path],
    createdAt: isoOf(sight.changedAtSeconds),
    sizeBytes: bytesOf(sight),
    digest: null,
    isServing: real !== '' && real === serving,
    ...(version === '' || name.replace(/^v/, '') === version
      ? {}
      : { subject: `version ${version} by its package.json` }),
    ...(missing === '' ? {} : { problem: missing }),
  };
}

/** Where `current` is no link, what serves has no release folder; its package says which version it is. */
function servingFolder(sight: ReleaseSight, serving: string): Target {
  const target = toTarget(sight, serving);
  const packaged = sight.version;
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
