import { AppError } from '../../../shared/errors/app-error.js';
import type { DatabasePort } from '../../connections/ports.js';

/** Why a database cannot be exchanged by renaming on this server; null where it can. Reads only. */
export async function refusalOfSwap(
  port: DatabasePort,
  signal: AbortSignal,
): Promise<string | null> {
  const info = await port.info(signal);
  if (info.pooler !== null) {
    return `${info.name} is reached over a pooler, which keeps its own sessions open and knows the database by its name.`;
  }
  if (info.flavour !== 'plain') {
    return `${info.name} is on a managed platform, which keeps its databases by their names.`;
  }
  if (!info.isSuperuser && !info.canCreateDatabase) {
    return `${info.user} may not make databases.`;
  }
  const [row] = await port
    .read(
      `select pg_catalog.pg_get_userbyid(d.datdba) as owner, pg_has_role(current_user, d.datdba, 'USAGE')::text as owns,
  (select count(*) from pg_catalog.pg_replication_slots s where s.database = d.datname)::text as slots,
  (select count(*) from pg_catalog.pg_subscription s where s.subdbid = d.oid)::text as subscriptions
from pg_catalog.pg_database d where d.datname = current_database()`,
      [],
      signal,
    )
    .catch(() => [null]);
  if (row === null || row === undefined) {
    // Who may not even count subscriptions is no owner of a database.
    return `${info.user} may not see what hangs on the database.`;
  }
  if (row['owns'] !== 'true') {
    return `the database belongs to ${row['owner'] ?? 'somebody else'}, not to ${info.user}.`;
  }
  if (row['slots'] !== '0' || row['subscriptions'] !== '0') {
    return 'replication slots or subscriptions hang on the database; they would stay with the old one.';
  }
  return null;
}

/** DATABASE_SWAP_IMPOSSIBLE says why. */
export async function mustAllowSwap(port: DatabasePort, signal: AbortSignal): Promise<void> {
  const refusal = await refusalOfSwap(port, signal);
  if (refusal !== null) {
    throw new AppError('DATABASE_SWAP_IMPOSSIBLE', refusal);
  }
}
