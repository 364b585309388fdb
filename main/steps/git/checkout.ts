import { z } from 'zod';
import { defineHostStep } from '../host/host-step.js';
import { Commit, runAs, typedAs } from '../host/accounts.js';
import {
  CheckoutBefore,
  gitScript,
  moveHead,
  placeWords,
  RepositoryParams,
  seeCheckout,
} from './repository.js';

const Params = z.strictObject({ ...RepositoryParams, commit: Commit });

/** In place, while the service is stopped: the order of the written procedure. */
export const checkoutCommit = defineHostStep({
  kind: 'git.checkout',
  risk: 'change',
  repeatable: true,
  params: Params,
  before: z.strictObject(CheckoutBefore),

  describe: ({ host, repository, commit }) =>
    `Check ${commit.slice(0, 10)} out in ${repository} on ${host}; HEAD will be detached`,
  commands: ({ account, repository, commit }) => [
    typedAs(account, 'git', '-C', repository, 'checkout', '--detach', commit),
  ],
  undoText: ({ repository }) => `Bring ${repository} back to the branch or commit it was at`,
  runAs: ({ account }) => runAs(account),

  async observe(params, context) {
    const { changed, ...place } = await seeCheckout(params, context);
    const isDone = place.head === params.commit && changed.length === 0;
    return { isDone, facts: `${params.repository}: ${placeWords(place)}.` };
  },
  async capture(params, context) {
    const { head, branch } = await seeCheckout(params, context);
    return { head, branch };
  },

  script: (params, { head, branch }) =>
    gitScript(
      params,
      { commit: params.commit, was: head, branch },
      `${moveHead}if [ "$head" = "$commit" ] && [ -z "$(dirty)" ]; then already "$repository is at $commit already"; fi
[ "$head" = "$was" ] || fail "$repository is at $head by now; somebody changed it"
to_commit "$commit"
say "HEAD is detached at $commit; it was $was\${branch:+ on branch $branch}"
`,
    ),

  undoScript: (params, { head, branch }) =>
    gitScript(
      params,
      { was: head, branch },
      `${moveHead}if [ "$head" = "$was" ] && [ "$(branch_now)" = "$branch" ]; then already "$repository is at $was, as it was"; fi
back_to "$was" "$branch"
say "$repository is at $was again\${branch:+, branch $(branch_now)}"
`,
    ),
});
