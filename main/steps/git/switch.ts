import { z } from 'zod';
import { defineHostStep } from '../host/host-step.js';
import { rowsOf } from '../host/look.js';
import { runAs, typedAs } from '../host/accounts.js';
import type { StepContext } from '../step-kind.js';
import { BuildParams } from './build-beside.js';
import { CheckoutBefore, gitScript, lookInto, moveHead, placeWords, quoted } from './repository.js';

const Params = z.strictObject(BuildParams);
type Params = z.infer<typeof Params>;

/** While the service is stopped: renames only, so it is stopped for as long as a checkout takes and not for a build. */
export const switchCheckout = defineHostStep({
  kind: 'git.switch',
  risk: 'change',
  repeatable: true,
  params: Params,
  before: z.strictObject(CheckoutBefore),

  describe: ({ host, repository, commit, work, built }) =>
    `Check ${commit.slice(0, 10)} out in ${repository} on ${host} and bring ${built.join(', ')} over from ${work}; HEAD will be detached`,
  commands: ({ account, repository, commit, work, built }) => [
    typedAs(account, 'git', '-C', repository, 'checkout', '--detach', commit),
    typedAs(account, 'mkdir', keptIn(work)),
    ...moves(account, built, {
      from: repository,
      into: keptIn(work),
      to: (folder) => keptOf(work, folder),
    }),
    ...moves(account, built, {
      from: work,
      into: repository,
      to: (folder) => `${repository}/${folder}`,
    }),
  ],
  undoText: ({ repository, built }) =>
    `Bring ${repository} back to the branch or commit it was at, and ${built.join(', ')} back`,
  runAs: ({ account }) => runAs(account),

  async observe(params, context) {
    const { head, branch, open } = await see(params, context);
    const left = open.length === 0 ? '' : ` Not brought over: ${open.join(', ')}.`;
    return {
      isDone: head === params.commit && open.length === 0,
      facts: `${params.repository}: ${placeWords({ head, branch })}.${left}`,
    };
  },
  async capture(params, context) {
    const { head, branch } = await see(params, context);
    return { head, branch };
  },

  script: (params, { head, branch }) =>
    gitScript(
      params,
      { work: params.work, commit: params.commit, was: head, branch },
      `${moveHead}${folders(params)}[ -d "$work/." ] || fail "there is no $work; nothing was switched"
now=$head
if [ "$now" = "$commit" ] && [ -d "$work/.lastgood-before" ] && ! any_open; then already "$repository is at $commit with what was built already"; fi
[ "$now" = "$was" ] || [ "$now" = "$commit" ] || fail "$repository is at $now by now; somebody changed it"
as_owner "$work" mkdir -p -- "$work/.lastgood-before" &
making=$!
[ "$now" = "$commit" ] || to_commit "$commit"
wait "$making" || fail "no folder can be made in $work"
check_places
move_open "$repository" "$work/.lastgood-before"
move_open "$work" "$repository"
any_open && fail 'not everything was brought over'
say "HEAD is detached at $commit, with what was built; it was $was\${branch:+ on branch $branch}"
`,
    ),

  undoScript: (params, { head, branch }) =>
    gitScript(
      params,
      { work: params.work, commit: params.commit, was: head, branch },
      `${moveHead}${folders(params)}now=$head
[ "$now" = "$was" ] || [ "$now" = "$commit" ] || fail "$repository is at $now; somebody changed it, so it stays"
[ "$now" = "$was" ] || [ -d "$work/." ] || fail "there is no $work, which keeps what was built for $was; nothing was taken back"
${each(params, 'give_back')}if [ "$now" = "$was" ] && [ "$(branch_now)" = "$branch" ]; then say "$repository is at $was, as it was"; exit 0; fi
back_to "$was" "$branch"
say "$repository is at $was again, with what was built for it"
`,
    ),
});

const keptIn = (work: string): string => `${work}/.lastgood-before`;

const keptOf = (work: string, folder: string): string =>
  `${keptIn(work)}/${folder.replaceAll('/', '%')}`;

/** What keeps its name is moved by one program for all of them: the service stands still for each that is run. */
function moves(
  account: Params['account'],
  built: readonly string[],
  way: { readonly from: string; readonly into: string; readonly to: (folder: string) => string },
): readonly string[] {
  const inner = built.filter((folder) => folder.includes('/'));
  const outer = built.filter((folder) => !folder.includes('/'));
  return [
    ...inner.map((folder) => typedAs(account, 'mv', '-T', `${way.from}/${folder}`, way.to(folder))),
    ...(outer.length === 0
      ? []
      : [typedAs(account, 'mv', '-t', way.into, ...outer.map((one) => `${way.from}/${one}`))]),
  ];
}

/**
 * A folder is open while it still lies in the work tree; what was in its place is kept there until it goes back. Moved as
 * `moves` says.
 */
function folders({ built }: Params): string {
  return `there() { [ -e "$1" ] || [ -L "$1" ]; }
keep_of() {
  keep=$1
  while :; do
    case $keep in */*) keep=\${keep%%/*}%\${keep#*/} ;; *) break ;; esac
  done
  keep=$work/.lastgood-before/$keep
}
is_open() { there "$work/$1"; }
any_open() { for folder in ${quoted(built)}; do ! is_open "$folder" || return 0; done; return 1; }
check_places() {
  [ ! -L "$work/.lastgood-before" ] || fail "$work/.lastgood-before is a link; nothing that was built was moved"
  for folder in ${quoted(built)}; do
    is_open "$folder" || { there "$repository/$folder" || fail "$folder is neither in $work nor in $repository"; continue; }
    keep_of "$folder"
    ! there "$repository/$folder" || ! there "$keep" || fail "$keep is there already; nothing that was built was moved"
  done
}
move_open() {
  from=$1 into=$2
  set --
  for folder in ${quoted(built)}; do
    is_open "$folder" && there "$from/$folder" || continue
    case $folder in
      */*)
        keep_of "$folder"
        [ "$into" != "$repository" ] || keep=$repository/$folder
        mv -T -- "$from/$folder" "$keep" || fail "$from/$folder cannot be moved" ;;
      *) set -- "$@" "$from/$folder" ;;
    esac
  done
  [ "$#" = 0 ] || mv -t "$into" -- "$@" || fail "what was built cannot be moved from $from to $into; see the words above"
}
give_back() {
  keep_of "$1"
  if ! is_open "$1" && there "$repository/$1" && [ -d "$work/.lastgood-before" ]; then
    mv -T -- "$repository/$1" "$work/$1" || fail "$repository/$1 cannot be renamed"
  fi
  ! there "$keep" || mv -T -- "$keep" "$repository/$1" || fail "$keep cannot be put back"
}
`;
}

function each({ built }: Params, verb: string): string {
  return `for folder in ${quoted(built)}; do ${verb} "$folder"; done\n`;
}

async function see(
  params: Params,
  context: StepContext,
): Promise<{ readonly head: string; readonly branch: string; readonly open: readonly string[] }> {
  const body = `export GIT_OPTIONAL_LOCKS=0
row head "$head" "$(branch_now)"
for folder in ${quoted(params.built)}; do
  if [ -e "$work/$folder" ] || [ -L "$work/$folder" ] || ! [ -d "$work/.lastgood-before" ]; then row open "$folder"; fi
done
`;
  const stdout = await lookInto(params, gitScript(params, { work: params.work }, body), context);
  const [[head = '', branch = ''] = []] = rowsOf(stdout, 'head');
  return { head, branch, open: rowsOf(stdout, 'open').map(([folder = '']) => folder) };
}
