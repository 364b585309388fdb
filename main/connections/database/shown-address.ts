import type { DatabasePlace } from '../../../shared/runbook/database-address.js';
import type { DatabaseAddress } from '../../../shared/runbook/environment-schema.js';

export function shownAddress(
  { via }: Pick<DatabaseAddress, 'via'>,
  { host, port }: Pick<DatabasePlace, 'host' | 'port'>,
): string {
  const shown = host.includes(':') ? `[${host}]` : host;
  return `${shown}:${String(port)}${via === undefined ? '' : ` through ${via}`}`;
}
