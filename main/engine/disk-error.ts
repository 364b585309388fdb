import { AppError } from '../../shared/errors/app-error.js';

export function isDiskFull(thrown: unknown): boolean {
  return errnoOf(thrown) === 'ENOSPC' || errnoOf(thrown) === 'EDQUOT';
}

/** In the words of somebody who has to do something about it. */
export function diskReason(thrown: unknown): string {
  switch (errnoOf(thrown)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full';
    case 'EROFS':
      return 'the disk is read-only';
    case 'EACCES':
    case 'EPERM':
      return 'the file may not be written';
    default:
      return `the disk answered ${errnoOf(thrown) ?? 'with an error'}`;
  }
}

export function writeFailed(what: string, cause: unknown): AppError {
  return cause instanceof AppError
    ? cause
    : new AppError('JOURNAL_WRITE_FAILED', `${what}: ${diskReason(cause)}.`, { cause });
}

export function errnoOf(thrown: unknown): string | null {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : null;
}
