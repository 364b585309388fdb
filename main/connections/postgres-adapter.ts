import type { Duplex } from 'node:stream';
import type { WireSession } from './database/wire.js';

/** The library listens to these when something is left out; nothing it is told here may come from them. */
const isOfPostgres = (name: string): boolean => /^(?:PG|NODE_PG_)[A-Z]/.test(name);

/** As the server writes it: the library would round numbers and make dates of a time zone of its own. */
const asText = { getTypeParser: () => (value: string) => value };

/** One session over a connection that was made and verified before. `password` is called when the server wants one. */
export async function openWireSession(
  stream: Duplex,
  who: { readonly database: string; readonly user: string },
  password: () => Promise<string>,
): Promise<WireSession> {
  for (const name of Object.keys(environment()).filter(isOfPostgres)) {
    Reflect.deleteProperty(environment(), name);
  }
  // Only now: it looks at them while it is being loaded, too.
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    ...who,
    host: 'as-dialled',
    port: 5432,
    application_name: 'lastgood',
    client_encoding: 'UTF8',
    ssl: false,
    stream: () => asDialled(stream),
    password,
    types: asText,
    connectionTimeoutMillis: 0,
  });
  let isOver = false;
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      isOver = true;
      resolve();
    };
    client.on('error', end);
    client.on('end', end);
  });
  await client.connect();
  return {
    greetedBy: numberOf(Reflect.get(client, 'processID')),
    get isOver() {
      return isOver;
    },
    ended,
    query: async ({ sql, values }) => {
      // With values it goes by the extended protocol, which takes one statement only. The types leave its name out.
      const asked = { text: sql, ...(values === undefined ? {} : oneStatement(values)) };
      const results: unknown = await client.query(asked);
      return (Array.isArray(results) ? results : [results]).map(toResult);
    },
    close: () => {
      void client.end().catch(() => undefined);
    },
    destroy: () => {
      stream.destroy();
    },
  };
}

// eslint-disable-next-line no-restricted-syntax -- only to take away what would mislead the library
const environment = (): NodeJS.ProcessEnv => process.env;

/** The library connects what it is given; this is connected. */
function asDialled(stream: Duplex): Duplex {
  return Object.assign(stream, {
    connect: () => {
      process.nextTick(() => stream.emit('connect'));
      return stream;
    },
    setNoDelay: () => stream,
    ref: () => stream,
    unref: () => stream,
  });
}

const oneStatement = (values: readonly (string | null)[]) => ({
  values: [...values],
  queryMode: 'extended',
});

function toResult(result: unknown): {
  command: string;
  rows: readonly Readonly<Record<string, string | null>>[];
} {
  const command: unknown =
    typeof result === 'object' && result !== null ? Reflect.get(result, 'command') : '';
  const rows: unknown =
    typeof result === 'object' && result !== null ? Reflect.get(result, 'rows') : [];
  return {
    command: typeof command === 'string' ? command : '',
    rows: Array.isArray(rows) ? rows.map(toRow) : [],
  };
}

function toRow(row: unknown): Readonly<Record<string, string | null>> {
  const fields: [string, unknown][] = Object.entries(
    typeof row === 'object' && row !== null ? row : {},
  );
  return Object.fromEntries(
    fields.map(([name, value]) => [name, typeof value === 'string' ? value : null]),
  );
}

const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);
