import type { DatabasePort, ToolPlace } from '../../connections/ports.js';
import { look } from '../host/look.js';
import { shellQuote } from '../shell-quote.js';
import { readToc } from './dump-script.js';
import { inTheWaySql } from './in-the-way.js';
import { arrayOf } from './marks.js';

const kinds = 'TABLE|VIEW|MATERIALIZED VIEW|SEQUENCE|FOREIGN TABLE';

/** What a restore of the dump would trip over as the database is now, a line each. Reads only. */
export async function findInTheWayNow(
  port: DatabasePort,
  { host, as, programs }: ToolPlace,
  {
    backup,
    schemas,
  }: { readonly backup: string; readonly schemas?: readonly string[] | undefined },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const text = `dump=${shellQuote(backup)}
pg_restore=${shellQuote(programs.pg_restore.path)}
${readToc}grep -E '^[0-9]+; [0-9]+ [0-9]+ (${kinds}|FK CONSTRAINT) ' "$toc" || :
`;
  const toc = await look(host, { text, as, what: `Looking into ${backup}` }, signal);
  const { relations, keys } = namesIn(toc);
  const isAsked = (name: string): boolean =>
    schemas?.some((schema) => name.startsWith(`${schema}.`)) ?? true;
  const rows = await port.read(
    `with given(first, second) as (select $1::text, $2::text)${inTheWaySql}`,
    [arrayOf(relations.filter(isAsked)), arrayOf(keys.filter(isAsked))],
    signal,
  );
  return rows.flatMap(({ what }) => (what === null || what === undefined ? [] : [what]));
}

/** Relations as `schema.name`, foreign keys as `schema.table.key`. */
export function namesIn(toc: string): {
  readonly relations: readonly string[];
  readonly keys: readonly string[];
} {
  const relation = new RegExp(
    `^\\d+; \\d+ \\d+ (?:${kinds}) (?!DATA |ATTACH |SET |OWNED )(\\S+) (.+) \\S*$`,
  );
  const key = /^\d+; \d+ \d+ FK CONSTRAINT (\S+) (\S+) (.*) \S*$/;
  const lines = toc.split('\n');
  return {
    relations: lines.flatMap((line) => {
      const found = relation.exec(line);
      return found === null ? [] : [`${found[1] ?? ''}.${found[2] ?? ''}`];
    }),
    keys: lines.flatMap((line) => {
      const found = key.exec(line);
      return found === null ? [] : [`${found[1] ?? ''}.${found[2] ?? ''}.${found[3] ?? ''}`];
    }),
  };
}
