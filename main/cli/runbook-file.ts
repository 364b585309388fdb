import { access } from 'node:fs/promises';
import { AppError } from '../../shared/errors/app-error.js';
import type { RunbookStore } from '../runbooks/store.js';

const DEFAULT_RUNBOOK = 'tradewizard-monitor';

/** Ids are written so; a path is not. */
const idPattern = /^[a-z0-9-]+$/;

/** Takes the id of a known runbook, or the path of a file. Returns the id to run; RUNBOOK_INVALID says where a file is wrong. */
export async function useRunbookFile(store: RunbookStore, named: string | null): Promise<string> {
  if (named === null) {
    return DEFAULT_RUNBOOK;
  }
  // A file is all that a drill needs: reading the others too would only make its start longer.
  if (idPattern.test(named) && (await store.has(named))) {
    return named;
  }
  const isFile = await access(named).then(
    () => true,
    () => false,
  );
  if (!isFile) {
    throw new AppError(
      'RUNBOOK_NOT_FOUND',
      `${named} is neither a known runbook nor a file that can be read.`,
    );
  }
  return store.addFile(named);
}
