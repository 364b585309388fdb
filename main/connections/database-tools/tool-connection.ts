import { AppError } from '../../../shared/errors/app-error.js';
import type { DatabasePlace } from '../../../shared/runbook/database-address.js';
import { shellQuote } from '../../steps/shell-quote.js';
import { readAuthorities } from '../database/dial.js';
import type { ToolConnection } from '../database-types.js';

export type ToolConnectionOptions = {
  readonly name: string;
  readonly place: DatabasePlace;
  readonly ca?: string | undefined;
  /** Where it is dialled from there, if not at `place`: the end of a tunnel. The name in the certificate stays. */
  readonly dials: { readonly host: string; readonly port: number } | null;
  readonly psql: string;
  readonly systemIdentifier: string | null;
  readonly password: (signal: AbortSignal) => Promise<string>;
};

/** Names of our own, so that what the account there has set under the usual ones is never taken for ours. */
const passFile = 'LASTGOOD_PASSFILE';
const caFile = 'LASTGOOD_CA';

const sslModes = {
  'verify-full': 'verify-full',
  'verify-ca': 'verify-ca',
  require: 'require',
  off: 'disable',
} as const;

export function toolConnection(options: ToolConnectionOptions): ToolConnection {
  const { place, name, ca, systemIdentifier, psql } = options;
  return {
    environment: (database = place.database) => environmentLines(options, database),
    sameServer: sameServerLines(name, psql, systemIdentifier),
    secrets: async (signal) => {
      const password = await options.password(signal);
      const pass = { variable: passFile, content: passLine(name, password) };
      if (place.tls !== 'verify-full' && place.tls !== 'verify-ca') {
        return [pass];
      }
      // What this laptop trusts, so that both sides judge alike.
      const content = (await readAuthorities(name, ca)) ?? (await ownAuthorities());
      return [pass, { variable: caFile, content }];
    },
  };
}

async function ownAuthorities(): Promise<string> {
  const { rootCertificates } = await import('node:tls');
  return rootCertificates.join('\n');
}

function environmentLines({ place, dials }: ToolConnectionOptions, database: string): string {
  const isNamed = dials !== null && place.tls === 'verify-full';
  const variables: readonly (readonly [string, string])[] = [
    // With both, libpq dials the one and verifies the other.
    ...(isNamed ? [['PGHOSTADDR', loopbackOf(dials.host)] as const] : []),
    ['PGHOST', isNamed || dials === null ? place.host : dials.host],
    ['PGPORT', String(dials?.port ?? place.port)],
    ['PGUSER', place.user],
    ['PGDATABASE', database],
    ['PGSSLMODE', sslModes[place.tls]],
    ['PGGSSENCMODE', 'disable'],
    ['PGCONNECT_TIMEOUT', '15'],
    ['PGAPPNAME', 'lastgood'],
    ['PGCLIENTENCODING', 'UTF8'],
    ['LC_ALL', 'C'],
  ];
  const given = variables.map(([name, value]) => `export ${name}=${shellQuote(value)}`).join('\n');
  return `for lg_variable in $(env | sed -n 's/^\\(PG[A-Z_]*\\)=.*/\\1/p'); do unset "$lg_variable"; done
${given}
export PGPASSFILE="\${${passFile}:-/dev/null}"
[ -z "\${${caFile}:-}" ] || export PGSSLROOTCERT="$${caFile}"
`;
}

const loopbackOf = (host: string): string => (host === 'localhost' ? '127.0.0.1' : host);

/** What stands in a CASE is evaluated only where the server comes to it: another server does nothing of what is asked. */
function sameServerLines(name: string, psql: string, identifier: string | null): string {
  const known = (identifier ?? '').replaceAll("'", "''");
  const [before, behind] =
    identifier === null
      ? ["select concat(' ', (", '))']
      : [
          `select concat(system_identifier, ' ', case when system_identifier::text = '${known}' then (`,
          ') end) from pg_catalog.pg_control_system()',
        ];
  return `lg_newline='
'
same_server() {
  lg_answer=$(${shellQuote(psql)} -X -q -w -A -t -c ${shellQuote(before)}"$1"${shellQuote(behind)} 2>&1) || {
    lg_why="the database does not answer (\${lg_answer%%"$lg_newline"*})"
    return 1
  }
  lg_answer=\${lg_answer##*"$lg_newline"}
  lg_why=${shellQuote(`another server than that of ${name} answers there`)}
  lg_server=\${lg_answer%% *} lg_answer=\${lg_answer#* }
  [ "$lg_server" = ${shellQuote(identifier ?? '')} ]
}
`;
}

function passLine(name: string, password: string): string {
  if (/[\r\n\0]/.test(password)) {
    const text = `The password of ${name} holds a line end, which no pass file can hold.`;
    throw new AppError('DATABASE_LOGIN_REFUSED', text);
  }
  return `*:*:*:*:${password.replaceAll(/[\\:]/g, '\\$&')}\n`;
}
