import { z } from 'zod';
import type { RunAs } from '../../connections/ports.js';

/** As the environment names it. */
export const HostName = z.string().min(1);

/**
 * A path that names one place: absolute, without `..`, line ends or other control characters. Quoting makes any path safe;
 * these would still mislead a person who approves it.
 */
export const AbsolutePath = z
  .string()
  .max(1_024)
  .refine(isPlainPath, 'an absolute path without “..”, control characters or a slash at its end');

/** systemd's own rule for names of units; also keeps one from being read as an option. */
export const UnitName = z
  .string()
  .regex(/^[a-zA-Z0-9_][a-zA-Z0-9:_.\\@-]{0,254}$/, 'the name of a systemd unit');

/** Who owns what is changed. Absent: root. */
export const Owner = z
  .string()
  .regex(/^[a-z_][a-z0-9_.-]{0,31}$/, 'the name of an account')
  .optional();

export function ownedBy(owner: string | undefined): RunAs {
  return owner === undefined || owner === 'root' ? 'root' : { user: owner };
}

/** What a person types in front of a command to do it as that account. */
export function sudoWords(owner: string | undefined): readonly string[] {
  return owner === undefined || owner === 'root' ? ['sudo'] : ['sudo', '-u', owner];
}

function isPlainPath(path: string): boolean {
  const names = path.split('/').slice(1);
  return (
    path.startsWith('/') &&
    !/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u.test(path) &&
    names.every((name) => name !== '' && name !== '.' && name !== '..')
  );
}
