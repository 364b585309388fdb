import type { DatabaseAddress } from './environment-schema.js';

/** Where a database is, with everything filled in. Holds no secret. */
export type DatabasePlace = {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly tls: 'verify-full' | 'verify-ca' | 'require' | 'off';
};

export type DatabaseAddressProblem = {
  readonly code: 'DATABASE_IS_API_URL' | 'DATABASE_ADDRESS_INVALID';
  readonly text: string;
};

const usualPort = 5432;

/** Reads a database's address; no library and no environment variable has a say in it. */
export function readDatabaseAddress(
  address: DatabaseAddress,
): { readonly place: DatabasePlace } | { readonly problem: DatabaseAddressProblem } {
  const parts = address.url === undefined ? address : fromUrl(address, address.url);
  if ('problem' in parts) {
    return parts;
  }
  const { host, port = usualPort, database, user } = parts;
  if (host === undefined || database === undefined || user === undefined) {
    return invalid('host, database and user are needed');
  }
  return /^https?:/i.test(host) ? apiUrl(host) : placed(address, { host, port, database, user });
}

function placed(
  { tls: asked }: DatabaseAddress,
  parts: Omit<DatabasePlace, 'tls'>,
): { readonly place: DatabasePlace } | Problem {
  const isNear = isLoopback(parts.host);
  const tls = asked?.mode ?? (isNear ? 'off' : 'verify-full');
  return tls === 'off' && !isNear
    ? invalid(
        `without TLS the password and the data of ${parts.host} would cross a network in the clear; use an SSH tunnel (\`via\`) to its own localhost, or verify-full`,
      )
    : { place: { ...parts, tls } };
}

function fromUrl(address: DatabaseAddress, url: string): Parts | Problem {
  const fields = ['host', 'port', 'database', 'user'] as const;
  return fields.some((field) => address[field] !== undefined)
    ? invalid('give either `url` or the fields host, port, database and user')
    : readUrl(url);
}

/** As seen from where the connection is made: this laptop or the host of the tunnel. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1|\[::1\])$/i.test(host);
}

type Parts = Pick<DatabaseAddress, 'host' | 'port' | 'database' | 'user'>;
type Problem = { readonly problem: DatabaseAddressProblem };

function readUrl(text: string): Parts | Problem {
  if (/^https?:/i.test(text)) {
    return apiUrl(text);
  }
  const url = /^postgres(?:ql)?:\/\//i.test(text) ? parseUrl(text) : null;
  if (url === null) {
    return invalid(
      'write postgresql://user@host:5432/database; special characters are written as %XX',
    );
  }
  if (url.password !== '') {
    return invalid('take the password out of the URL: it is asked for, and kept nowhere');
  }
  if (url.search !== '' || url.hash !== '') {
    return invalid('write what stands after ? or # as fields of its own, like `tls`');
  }
  const database = decode(url.pathname.slice(1));
  const user = decode(url.username);
  if (database === '' || user === '') {
    return invalid('user, host and database must all be in the URL');
  }
  const port = url.port === '' ? {} : { port: Number(url.port) };
  return { host: url.hostname.replace(/^\[(.*)\]$/, '$1'), database, user, ...port };
}

/** `URL` treats unknown schemes leniently; only what is one host, written plainly, is taken. */
function parseUrl(text: string): URL | null {
  const plain =
    /^postgres(?:ql)?:\/\/(?:[^@/,\s]*@)?(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?\/[^\s/]*$/i;
  return plain.test(text) && URL.canParse(text) ? new URL(text) : null;
}

/** Empty where it cannot be read. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

function apiUrl(text: string): Problem {
  const project = /^https?:\/\/([a-z0-9]+)\.supabase\.(?:co|in)\b/i.exec(text)?.[1];
  const where =
    project === undefined
      ? 'That is the address of a web interface.'
      : `That is the API address of the Supabase project ${project}. Its database is reached by the connection string under Connect: host db.${project}.supabase.co (IPv6), or the session pooler aws-…pooler.supabase.com, port 5432, user postgres.${project}.`;
  return { problem: { code: 'DATABASE_IS_API_URL', text: where } };
}

const invalid = (text: string): Problem => ({
  problem: { code: 'DATABASE_ADDRESS_INVALID', text },
});
