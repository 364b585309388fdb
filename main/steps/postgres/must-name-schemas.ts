import { AppError } from '../../../shared/errors/app-error.js';
import type { Json } from '../../../shared/json.js';
import { namesNoSchemas } from '../../../shared/plan/application-schemas.js';
import type { DatabaseInfo } from '../../connections/ports.js';

/** DATABASE_SCHEMAS_UNNAMED where a step would take the schemas of a platform along with the application's. */
export function mustNameSchemas(kind: string, params: Json, info: DatabaseInfo): void {
  if (info.flavour === 'supabase' && namesNoSchemas(kind, params)) {
    throw new AppError('DATABASE_SCHEMAS_UNNAMED', unnamedWords(info));
  }
}

/** A plan keeps what it was made with, so a run that was ordered before does not learn what the environment names since. */
export function unnamedWords({ name, schemas }: Pick<DatabaseInfo, 'name' | 'schemas'>): string {
  const seen = schemas.length === 0 ? 'none' : schemas.join(', ');
  return `${name} is on a Supabase-style platform, and the plan does not say which schemas are the application’s, so auth, storage and the platform’s others would be taken along. Those that are not the platform’s: ${seen}.`;
}
