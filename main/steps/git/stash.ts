import { z } from 'zod';
import { count } from '../../../shared/count.js';
import { defineHostStep } from '../host/host-step.js';
import { runAs, RunName, typedAs } from '../host/accounts.js';
import { gitScript, RepositoryParams, seeCheckout } from './repository.js';

const Params = z.strictObject({ ...RepositoryParams, run: RunName });

export const stashChanges = defineHostStep({
  kind: 'git.stash',
  risk: 'change',
  repeatable: true,
  params: Params,
  before: z.strictObject({ wasChanged: z.boolean() }),

  describe: ({ host, repository }) =>
    `Put changes to tracked files of ${repository} on ${host} aside; untracked ones like .env stay`,
  commands: ({ account, repository, run }) => [
    typedAs(account, 'git', '-C', repository, 'stash', 'push', '--message', messageOf(run)),
  ],
  undoText: ({ repository }) => `Bring the changes that were put aside back into ${repository}`,
  runAs: ({ account }) => runAs(account),

  async observe(params, context) {
    const { changed } = await seeCheckout(params, context);
    const facts =
      changed.length === 0
        ? 'No tracked file is changed.'
        : `${count(changed.length, 'tracked file')} changed.`;
    return { isDone: changed.length === 0, facts };
  },
  async capture(params, context) {
    return { wasChanged: (await seeCheckout(params, context)).changed.length > 0 };
  },

  script: (params) =>
    gitScript(
      params,
      { message: messageOf(params.run) },
      `[ -n "$(dirty)" ] || already "no tracked file is changed"
in_repo -c user.name=Lastgood -c user.email=lastgood@localhost stash push --quiet --message "$message" >&2 ||
  fail 'the changes cannot be put aside; they are as they were'
[ -z "$(dirty)" ] || fail 'tracked files are still changed'
say "the changes are put aside as “$message”"
`,
    ),

  undoScript: (params, { wasChanged }) =>
    gitScript(
      params,
      { message: messageOf(params.run) },
      wasChanged
        ? `entry=$(in_repo stash list --format='%gd %gs' | grep -F -- "$message" | head -n 1)
[ -n "$entry" ] || already "nothing is put aside as “$message” any more"
in_repo stash pop --quiet --index "\${entry%% *}" >&2 || fail "the changes do not fit any more; they stay put aside as “$message”"
say "the changes that were put aside are back"
`
        : 'already "nothing was put aside"\n',
    ),
});

function messageOf(run: string): string {
  return `lastgood ${run}`;
}
