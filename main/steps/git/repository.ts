import { z } from 'zod';
import { look, rowsOf } from '../host/look.js';
import { Account, runAs } from '../host/accounts.js';
import { AbsolutePath, HostName } from '../host/names.js';
import { asOwner, workScript } from '../host/work-script.js';
import { shellQuote } from '../shell-quote.js';
import type { StepContext } from '../step-kind.js';

export const RepositoryParams = {
  host: HostName,
  /** As whom; git itself always runs as whoever has the checkout. Default: the account that logs in. */
  account: Account.optional(),
  /** The checkout that the service runs from. */
  repository: AbsolutePath,
};
export type RepositoryPlace = z.infer<z.ZodObject<typeof RepositoryParams>>;

/**
 * `in_repo`: git in the checkout, as whoever has it; nothing that the repository names is run beside it. `head` is where it
 * is, empty where it holds no commit yet: read from git's own file where it is detached, because a service may stand still
 * meanwhile. Nothing that file leads to is read here: whoever has the checkout could let root read what he may not.
 */
const inRepository = `${asOwner}command -v git >/dev/null 2>&1 || fail 'git is not installed here'
[ -d "$repository/." ] || fail "there is no folder $repository, or $(id -un) may not see it"
in_folder() {
  at=$1
  shift
  as_owner "$at" git -c safe.directory="$at" -c core.fsmonitor=false -c core.hooksPath=/dev/null -c advice.detachedHead=false --no-pager -C "$at" "$@"
}
in_repo() { in_folder "$repository" "$@"; }
head_now() {
  at=
  if [ ! -L "$repository/.git" ] && [ ! -L "$repository/.git/HEAD" ] && [ -f "$repository/.git/HEAD" ]; then
    { IFS= read -r at <"$repository/.git/HEAD"; } 2>/dev/null || :
  fi
  case $at in *[!0-9a-f]*) at= ;; esac
  case \${#at} in
    40 | 64) printf '%s\\n' "$at" ;;
    *) in_repo rev-parse --verify --quiet HEAD ;;
  esac
}
find_owner "$repository" || fail "whose $repository is cannot be seen"
head=$(head_now) || in_repo rev-parse --git-dir >/dev/null || fail "$repository is not a git checkout"
branch_now() { in_repo symbolic-ref --quiet --short HEAD || :; }
dirty() { in_repo status --porcelain --untracked-files=no; }
`;

export function gitScript(
  { repository }: RepositoryPlace,
  values: Readonly<Record<string, string>>,
  body: string,
): string {
  return workScript({ repository, ...values }, inRepository + body);
}

/** Of the checkout before it was touched. */
export const CheckoutBefore = {
  head: z.string().regex(/^[0-9a-f]{40,64}$/),
  /** Empty where HEAD was detached already. */
  branch: z.string(),
};

export type CheckoutSight = {
  readonly head: string;
  readonly branch: string;
  readonly changed: readonly string[];
};

export async function seeCheckout(
  place: RepositoryPlace,
  context: StepContext,
): Promise<CheckoutSight> {
  const body = `export GIT_OPTIONAL_LOCKS=0
[ -n "$head" ] || fail "git cannot tell which commit $repository is at"
row head "$head" "$(branch_now)"
dirty | while IFS= read -r line; do row changed "$line"; done
`;
  const stdout = await lookInto(place, gitScript(place, {}, body), context);
  const [[head = '', branch = ''] = []] = rowsOf(stdout, 'head');
  return { head, branch, changed: rowsOf(stdout, 'changed').map(([line = '']) => line) };
}

export function lookInto(
  { host, account, repository }: RepositoryPlace,
  text: string,
  { connections, signal }: StepContext,
): Promise<string> {
  const what = `Looking at the checkout ${repository}`;
  return look(connections.host(host), { text, as: runAs(account), what }, signal);
}

export function placeWords({ head, branch }: Pick<CheckoutSight, 'head' | 'branch'>): string {
  const at = head.slice(0, 10);
  return branch === '' ? `HEAD is detached at ${at}` : `branch ${branch} at ${at}`;
}

/** Shell functions that bring the checkout to a commit and back to where it was. */
export const moveHead = `to_commit() {
  [ -z "$(dirty)" ] || fail "tracked files in $repository are changed; it is as it was"
  in_repo checkout --quiet --detach "$1" >&2 || fail "git cannot check $1 out; see its words above"
  [ "$(head_now)" = "$1" ] || fail "$repository is not at $1 afterwards"
}
back_to() {
  [ -z "$(dirty)" ] || fail "tracked files in $repository were changed since; it stays as it is"
  if [ -n "$2" ] && [ "$(in_repo rev-parse --verify --quiet "refs/heads/$2")" = "$1" ]; then
    in_repo checkout --quiet "$2" >&2 || fail "git cannot check the branch $2 out"
  else
    in_repo checkout --quiet --detach "$1" >&2 || fail "git cannot check $1 out"
  fi
  [ "$(head_now)" = "$1" ] || fail "$repository is not at $1 afterwards"
}
`;

export function quoted(words: readonly string[]): string {
  return words.map(shellQuote).join(' ');
}
