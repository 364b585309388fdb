import type { ToolConnection } from '../../../main/connections/database-types.js';

/** A script that reaches the database as those of the steps do; it asks first, and ends where another server answers there. */
export const scriptAtPlace = (
  { environment, sameServer }: ToolConnection,
  script: string,
  question = '1',
): string =>
  `${environment()}${sameServer}same_server '${question}' || { echo "$lg_why" >&2; exit 1; }
${script}`;
