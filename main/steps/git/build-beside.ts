import { z } from 'zod';
import { defineHostStep } from '../host/host-step.js';
import { rowsOf } from '../host/look.js';
import { Commit, InnerPath, runAs, typedAs } from '../host/accounts.js';
import { AbsolutePath } from '../host/names.js';
import { shellCommand, shellQuote } from '../shell-quote.js';
import type { StepContext } from '../step-kind.js';
import { gitScript, lookInto, quoted, RepositoryParams } from './repository.js';

/** A program and its words. Run as they stand, by no shell. */
const Command = z.array(z.string().min(1)).min(1);

export const BuildParams = {
  ...RepositoryParams,
  commit: Commit,
  /** The work tree beside the running version; on the same disk, so that it can be brought over by rename. */
  work: AbsolutePath,
  /** What the build makes, to be brought over: `dist`, `node_modules`. */
  built: z.array(InnerPath).min(1).max(20),
};

const Params = z.strictObject({
  ...BuildParams,
  /** What it takes to build, one after the other. Default: npm, with what only the build needs, and pruned at the end. */
  build: z.array(Command).min(1).max(20).optional(),
});
type Params = z.infer<typeof Params>;

const npmBuild: readonly (readonly string[])[] = [
  ['npm', 'ci', '--include=dev', '--no-audit', '--no-fund'],
  ['npm', 'run', 'build'],
  ['npm', 'prune', '--omit=dev', '--no-audit', '--no-fund'],
];

/** Takes as long as it takes while the old version goes on serving; only then is anything stopped. */
export const buildBeside = defineHostStep({
  kind: 'git.build-beside',
  risk: 'change',
  repeatable: true,
  params: Params,
  before: z.strictObject({ wasThere: z.boolean() }),

  describe: ({ host, commit, work }) =>
    `Build ${commit.slice(0, 10)} on ${host} in ${work}, beside the version that serves`,
  commands: (params) => {
    const { account, repository, work, commit } = params;
    return [
      typedAs(account, 'git', '-C', repository, 'worktree', 'add', '--detach', work, commit),
      ...commandsOf(params).map(
        (words) => `(${shellCommand('cd', work)} && ${typedAs(account, ...words)})`,
      ),
    ];
  },
  undoText: ({ work }) => `Remove the work tree ${work}`,
  runAs: ({ account }) => runAs(account),

  async observe(params, context) {
    const { isBuilt, isThere } = await see(params, context);
    const facts = isBuilt
      ? `${params.commit.slice(0, 10)} is built in ${params.work}.`
      : isThere
        ? `${params.work} is not built to its end.`
        : `There is no ${params.work}.`;
    return { isDone: isBuilt, facts };
  },
  async capture(params, context) {
    return { wasThere: (await see(params, context)).isThere };
  },

  script: (params) =>
    gitScript(params, valuesOf(params), `${ours}${checks(params)}${addTree}${buildAll(params)}`),

  undoScript: (params) => gitScript(params, valuesOf(params), `${ours}${removeTree}`),
  // What was built for the version before lies in it, kept for undo.
  closeScript: (params) =>
    gitScript(params, valuesOf(params), `${ours}holds_kept() { false; }\n${removeTree}`),
});

function commandsOf({ build }: Params): readonly (readonly string[])[] {
  return build ?? npmBuild;
}

function valuesOf({ work, commit }: Params): Record<string, string> {
  return { work, commit };
}

/** A mark in git's own folder of the work tree says that we made it, and for which commit it is built. */
const ours = `there() { [ -e "$1" ] || [ -L "$1" ]; }
mark=
holds_kept() { [ -d "$work/.lastgood-before" ] && [ -n "$(ls -A -- "$work/.lastgood-before")" ]; }
find_mark() {
  mark=$(in_folder "$work" rev-parse --absolute-git-dir 2>/dev/null) || return
  case $mark in */worktrees/*) mark=$mark/lastgood ;; *) mark=; return 1 ;; esac
}
`;

function checks({ built }: Params): string {
  return `in_repo cat-file -e "$commit^{commit}" 2>/dev/null || fail "$repository does not hold the commit $commit"
[ "$(stat -c %d -- "\${work%/*}")" = "$(stat -c %d -- "$repository")" ] ||
  fail "\${work%/*} and $repository are on different disks, so nothing could be brought over by rename"
for folder in ${quoted(built)}; do
  [ -z "$(in_repo ls-files -- ":(literal)$folder" | head -n 1)" ] || fail "$folder is tracked by git, so it cannot be brought over by rename"
done
`;
}

const addTree = `if there "$work"; then
  find_mark && [ -e "$mark" ] || fail "there is something at $work that no run made; nothing was built"
  [ "$(cat "$mark")" != "$commit" ] || already "$commit is built in $work already"
  ! holds_kept || fail "$work still keeps what was built for the version before; nothing was built"
  in_repo worktree remove --force "$work" >&2 || fail "the unfinished $work cannot be removed"
fi
in_repo worktree prune
in_repo worktree add --detach --quiet "$work" "$commit" >&2 || fail "git cannot make the work tree $work"
find_mark && as_owner "$repository" sh -c ': >"$1"' sh "$mark" || fail "the work tree $work cannot be marked as ours"
`;

function buildAll(params: Params): string {
  const steps = commandsOf(params).map(
    (words) =>
      `printf '+ %s\\n' ${shellQuote(shellCommand(...words))} >&2
( cd -- "$work" && as_owner "$work" ${quoted(words)} ) >&2 || fail ${shellQuote(`${shellCommand(...words)} failed; what serves was not touched`)}
`,
  );
  return `${steps.join('')}for folder in ${quoted(params.built)}; do
  [ -d "$work/$folder" ] || fail "the build made no $folder"
done
[ "$(in_folder "$work" rev-parse HEAD)" = "$commit" ] || fail "$work is not at $commit after the build"
as_owner "$repository" sh -c 'printf %s "$2" >"$1.next" && mv -f -- "$1.next" "$1"' sh "$mark" "$commit" || fail "the end of the build cannot be marked"
say "$commit is built in $work"
`;
}

const removeTree = `there "$work" || { in_repo worktree prune; already "there is no $work"; }
find_mark && [ -e "$mark" ] || fail "there is something at $work that no run made; it stays"
! holds_kept || fail "$work still keeps what was built for the version before; it stays"
in_repo worktree remove --force "$work" >&2 || fail "$work cannot be removed"
say "$work is removed"
`;

type Sight = { readonly isThere: boolean; readonly isBuilt: boolean };

async function see(params: Params, context: StepContext): Promise<Sight> {
  const body = `${ours}there "$work" || { row work no no; exit 0; }
built=no
if find_mark && [ -e "$mark" ] && [ "$(cat "$mark")" = "$commit" ]; then built=yes; fi
row work yes "$built"
`;
  const stdout = await lookInto(params, gitScript(params, valuesOf(params), body), context);
  const [[there, built] = []] = rowsOf(stdout, 'work');
  return { isThere: there === 'yes', isBuilt: built === 'yes' };
}
