import { z } from 'zod';
import type { RunAs } from '../../connections/ports.js';
import { shellCommand } from '../shell-quote.js';

/** A path below a folder that is named beside it. */
export const InnerPath = z
  .string()
  .min(1)
  .max(1_000)
  .refine(
    (path) => /^[^/-]/.test(path) && isPlain(path) && !path.endsWith('/') && isDirect(path),
    'a path inside the folder, without “..”',
  );

const isPlain = (path: string): boolean => path.isWellFormed() && !/\p{Cc}/u.test(path);

function isDirect(path: string): boolean {
  return !path.split('/').some((part) => part === '..' || part === '.');
}

/** An account of the host; `root` by sudo, nothing for the one that logs in. */
export const Account = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/, 'the name of an account');

/** PM2 takes numbers, `all`, patterns and names of files for something else than the name of an app. */
export const AppName = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_. @-]{0,127}$/, 'the name of a PM2 app')
  .refine(
    (name) =>
      name !== 'all' && !/^\d+$/.test(name) && !/\.(?:json|config|[cm]?js|ya?ml)/i.test(name),
    'not a name for one app: PM2 takes it for something else',
  );

export const Commit = z
  .string()
  .regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, 'the whole hash of a commit');
export const RunName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/, 'the id of a run');

export function runAs(account: string | undefined): RunAs {
  if (account === undefined) {
    return 'login';
  }
  return account === 'root' ? 'root' : { user: account };
}

/** What a person types to run this as that account. */
export function typedAs(account: string | undefined, ...words: readonly string[]): string {
  if (account === undefined) {
    return shellCommand(...words);
  }
  return account === 'root'
    ? shellCommand('sudo', ...words)
    : shellCommand('sudo', '-u', account, ...words);
}
