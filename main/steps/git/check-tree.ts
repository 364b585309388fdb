import { z } from 'zod';
import { count } from '../../../shared/count.js';
import { AppError } from '../../../shared/errors/app-error.js';
import { typedAs } from '../host/accounts.js';
import { defineReadStep } from '../read-step.js';
import { placeWords, RepositoryParams, seeCheckout } from './repository.js';

/** Untracked files like `.env` stay where they are in any case: only changes to tracked files stand in the way. */
export const checkTree = defineReadStep({
  kind: 'git.check-tree',
  params: z.strictObject({
    ...RepositoryParams,
    /** `stash`: changes are only told, because a later step puts them aside. */
    changes: z.enum(['refuse', 'stash']),
  }),

  describe: ({ host, repository, changes }) =>
    `Check that no tracked file of ${repository} on ${host} was changed${changes === 'stash' ? '; changes will be put aside' : ''}`,
  commands: ({ account, repository }) => [
    typedAs(
      account,
      'git',
      '-C',
      repository,
      'status',
      '--short',
      '--branch',
      '--untracked-files=no',
    ),
  ],

  async look(params, context) {
    const { changed, ...place } = await seeCheckout(params, context);
    for (const line of changed) {
      context.emit(line);
    }
    const where = placeWords(place);
    if (changed.length === 0) {
      return `No tracked file is changed; ${where}.`;
    }
    const text = `${count(changed.length, 'tracked file')} changed in ${params.repository}`;
    if (params.changes === 'refuse') {
      throw new AppError('GIT_TREE_CHANGED', `${text}: ${changed.slice(0, 5).join(', ')}.`);
    }
    return `${text}, to be put aside; ${where}.`;
  },
});
