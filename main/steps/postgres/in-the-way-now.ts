import type { DatabasePort, ToolPlace } from '../../connections/ports.js';
import { look } from '../host/look.js';
import { shellQuote } from '../shell-quote.js';
import { readToc } from './dump-script.js';
import { inTheWaySql } from './in-the-way.js';
import { arrayOf } from './marks.js';

const relations = 'TABLE|VIEW|MATERIALIZED VIEW|SEQUENCE|FOREIGN TABLE';
const others = 'FK CONSTRAINT|FUNCTION|PROCEDURE|AGGREGATE|TYPE|DOMAIN';

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
${readToc}grep -E '^[0-9]+; [0-9]+ [0-9]+ (${relations}|${others}) ' "$toc" || :
`;
  const toc = await look(host, { text, as, what: `Looking into ${backup}` }, signal);
  const names = namesIn(toc, schemas);
  const rows = await port.read(
    `with given(first, second) as (select $1::text, $2::text)${inTheWaySql}`,
    [arrayOf(names.relations), arrayOf(names.others)],
    signal,
  );
  return rows.flatMap(({ what }) => (what === null || what === undefined ? [] : [what]));
}

/** The dump's relations, and what else it knows, as `inTheWaySql` takes them. */
export function namesIn(
  toc: string,
  schemas?: readonly string[],
): { readonly relations: readonly string[]; readonly others: readonly string[] } {
  const isAsked = (schema: string): boolean => schemas?.includes(schema) ?? true;
  const lines = toc.split('\n');
  return {
    relations: lines.flatMap((line) => {
      const [, schema = '', name = ''] = relation.exec(line) ?? [];
      return name !== '' && isAsked(schema) ? [`${schema}.${name}`] : [];
    }),
    others: lines.flatMap((line) => {
      const [, kind = '', schema = '', name = ''] = other.exec(line) ?? [];
      return name !== '' && isAsked(schema) ? [otherName(kind, schema, name)] : [];
    }),
  };
}

const relation = new RegExp(
  `^\\d+; \\d+ \\d+ (?:${relations}) (?!DATA |ATTACH |SET |OWNED )(\\S+) (.+) \\S*$`,
);
const other = new RegExp(`^\\d+; \\d+ \\d+ (${others}) (\\S+) (.+) \\S*$`);

function otherName(kind: string, schema: string, name: string): string {
  switch (kind) {
    case 'FK CONSTRAINT':
      return `key ${schema}.${name.replace(' ', '.')}`;
    case 'TYPE':
    case 'DOMAIN':
      return `type ${schema}.${name}`;
    default:
      return `routine ${schema}.${name.replace(/\(\*\)$/, '()')}`;
  }
}
