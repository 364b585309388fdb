import { AppError } from '../../../shared/errors/app-error.js';
import type { Pooler } from '../database-types.js';

/** What a pooler's address tells about it; null where it looks like the server itself. */
export function poolerByAddress(host: string, port: number): Pooler | null {
  if (/(?:^|\.)pooler\.supabase\.com$/i.test(host)) {
    return { kind: 'supavisor', mode: port === 6543 ? 'transaction' : 'session' };
  }
  if (/^db\.[a-z0-9]+\.supabase\.co$/i.test(host) && port === 6543) {
    return { kind: 'pgbouncer', mode: 'transaction' };
  }
  if (port === 6432 || port === 6543) {
    return { kind: 'pgbouncer', mode: 'unknown' };
  }
  return null;
}

/** What a session through it showed. */
export type PoolerSigns = {
  /** The process that the greeting named and the one that answered; a pooler makes its own greeting. */
  readonly greetedBy: number | null;
  readonly answeredBy: number;
  /** Whether nobody else was given its process while it was there; null: not tried. */
  readonly keepsSession: boolean | null;
};

/**
 * A pooler greets with a number of its own in place of the server's process. Whether it keeps a session while others come
 * and go has to be tried; untried, it is not trusted with one.
 */
export function poolerOf(byAddress: Pooler | null, signs: PoolerSigns): Pooler | null {
  const isBetween = signs.greetedBy !== signs.answeredBy;
  if (!isBetween) {
    return byAddress?.kind === 'supavisor' ? byAddress : null;
  }
  const kind = byAddress?.kind ?? 'pgbouncer';
  if (byAddress !== null && byAddress.mode !== 'unknown') {
    return byAddress;
  }
  if (signs.keepsSession === null) {
    return { kind, mode: 'unknown' };
  }
  return { kind, mode: signs.keepsSession ? 'session' : 'transaction' };
}

/** Only a pooler that keeps the session for as long as the connection lasts can be dumped and migrated through. */
export function mayCarrySessions(pooler: Pooler | null): boolean {
  return pooler === null || pooler.mode === 'session';
}

export function pooled(name: string, { kind, mode }: Pooler): AppError {
  const what = kind === 'supavisor' ? 'Supabase’s pooler' : 'A pooler (PgBouncer or alike)';
  const how = mode === 'unknown' ? 'it does not show that it keeps sessions' : `in ${mode} mode`;
  return new AppError('DATABASE_POOLED', `${what} stands before ${name}, ${how}.`);
}
