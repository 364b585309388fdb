import type { Connections } from '../../main/connections/ports.js';
import { AppError } from '../../shared/errors/app-error.js';

/** An environment without a database. */
export const noDatabase: Pick<Connections, 'database' | 'databaseTools'> = {
  database: refuse,
  databaseTools: refuse,
};

function refuse(name: string): never {
  throw new AppError('ENVIRONMENT_UNKNOWN', `There is no database ${name}.`);
}
