import { newestFirst } from '../../../shared/newest-first.js';
import type { Target } from '../../../shared/plan/target.js';
import type { HostPort } from '../../connections/ports.js';
import { shellQuote } from '../shell-quote.js';
import { accountOf, look, rowsOf } from './look.js';

/** A checkout on a host, with every variable filled in. */
export type CommitPlace = {
  readonly repository: string;
  readonly limit: number;
  readonly owner: string | null;
};

/** Recent commits and tags, newest first, the one that is checked out among them, read by one script. */
export async function listCommits(
  port: HostPort,
  place: CommitPlace,
  signal: AbortSignal,
): Promise<readonly Target[]> {
  const as = await accountOf(port, place.owner, signal);
  const what = `Looking for commits in ${place.repository}`;
  const script = { text: listScript(place), as, mayBeSeen: true };
  const stdout = await look(port, { ...script, what }, signal);
  const [[head = ''] = []] = rowsOf(stdout, 'head');
  const found = new Map<string, Target>();
  for (const fields of rowsOf(stdout, 'commit')) {
    const target = toTarget(fields, head);
    found.set(target.id, target);
  }
  return [...found.values()].toSorted(newestFirst);
}

/**
 * Defines `in_repo`: git in the checkout, whoever owns it, never taking a lock of its own nor running what the
 * repository names.
 */
export function gitHead(repository: string): string {
  return `repository=${shellQuote(repository)}
[ -d "$repository" ] || fail "there is no folder $repository, or $(id -un) may not see it"
command -v git >/dev/null 2>&1 || fail 'git is not installed here'
in_repo() {
  git -c safe.directory="$repository" -c core.fsmonitor=false -c log.showSignature=false -c core.quotePath=false \\
    --no-optional-locks --no-pager -C "$repository" "$@"
}
in_repo rev-parse --git-dir >/dev/null || fail "$repository is not a git checkout"
`;
}

export function listScript({ repository, limit }: CommitPlace): string {
  const format = ['commit', '%H', '%cI', '%an', '%D', '%s'].join('%x1f');
  const options = `-n ${String(limit)} --decorate=short --decorate-refs='refs/tags/*' --format='${format}'`;
  return `${gitHead(repository)}
row head "$(in_repo rev-parse HEAD)"
in_repo log ${options} --date-order HEAD --branches --tags || fail "git log failed in $repository"
in_repo log ${options} --no-walk=sorted --tags || fail "git log failed in $repository"
`;
}

function toTarget(fields: readonly string[], head: string): Target {
  const [hash = '', committedAt = '', author = '', decoration = '', ...subject] = fields;
  const tags = decoration
    .split(', ')
    .flatMap((name) => (name.startsWith('tag: ') ? [name.slice('tag: '.length)] : []));
  const at = Date.parse(committedAt);
  return {
    id: hash,
    version: tags.find((tag) => /^v?\d/.test(tag)) ?? tags[0] ?? hash.slice(0, 10),
    names: tags,
    createdAt: Number.isNaN(at) ? null : new Date(at).toISOString(),
    sizeBytes: null,
    digest: null,
    isServing: hash === head,
    author: author.slice(0, 200),
    subject: subject.join(' ').slice(0, 500),
  };
}
