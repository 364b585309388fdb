import { z } from 'zod';

const Slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and dashes');

/** How much is at stake, shown as a band on every screen: red, amber or violet, always with the word. */
export const Tier = z.enum(['production', 'staging', 'practice']);
export type Tier = z.infer<typeof Tier>;

/** A file of this computer: absolute, or below the operator's home folder. */
const FilePath = z
  .string()
  .regex(/^(?:\/|~\/|[A-Za-z]:[\\/])/, 'an absolute path, or one that begins with ~/');

/** One of `socket`, `tcp`, `ssh` and `context` says where the engine is; engine-way.ts reads it. */
export const EngineAddress = z.strictObject({
  name: Slug,
  kind: z.literal('docker'),
  /** Absolute path of the engine's unix socket or Windows pipe; with `ssh` a unix socket of that host. */
  socket: z
    .string()
    .regex(
      /^(?:\/.+|\\\\\.\\pipe\\.+)$/,
      'an absolute path of a socket, or \\\\.\\pipe\\ and the name of a pipe',
    )
    .optional(),
  /** `host:port`. Without `tls` only this computer itself. */
  tcp: z
    .string()
    .regex(/^(?:[A-Za-z0-9][A-Za-z0-9._-]{0,252}|\[[0-9a-fA-F:.]+\]):[0-9]{1,5}$/, 'host:port')
    .optional(),
  tls: z
    .strictObject({
      /** Who signs the engine's certificate. Default: whom this computer trusts anyway. */
      ca: FilePath.optional(),
      /** What this console shows of itself; both or neither. */
      cert: FilePath.optional(),
      key: FilePath.optional(),
    })
    .optional(),
  /** A host of the environment: the engine is asked over the connection to it. */
  ssh: Slug.optional(),
  /** A context of Docker's own command line on this computer. */
  context: z
    .string()
    .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.+-]*$/, 'a name as `docker context ls` shows it')
    .optional(),
});
export type EngineAddress = z.infer<typeof EngineAddress>;

/** A machine that is reached over SSH. Whom it lets in, and with what, is the operator's own SSH configuration. */
export const HostAddress = z.strictObject({
  name: Slug,
  /** `user@host:port`, or a name that the operator's SSH configuration explains. User and port may be left out. */
  address: z
    .string()
    .regex(
      /^(?:[a-z_][a-z0-9_.-]{0,31}@)?(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?|\[[0-9a-fA-F:.]+\])(?::[0-9]{1,5})?$/,
      'user@host:port; user and port may be left out',
    ),
  /** `system`: the operator's own `ssh`, for certificates, security keys and old ciphers. Default: built in. */
  client: z.enum(['built-in', 'system']).optional(),
});
export type HostAddress = z.infer<typeof HostAddress>;

const Certificates = z
  .string()
  .regex(
    /^(?:\/|[A-Za-z]:[\\/]|\s*-----BEGIN CERTIFICATE-----)/,
    'the whole path of a file on this laptop, or the certificates themselves (PEM)',
  );

/** Where pg_dump, pg_restore and psql may be looked for. The first place that fits is taken. */
export const DatabaseToolPlace = z.union([
  z.strictObject({
    host: Slug,
    /** The account there that runs them. Default: the one that logs in. */
    user: z.string().optional(),
    /** The database's `host:port` as seen from there, where that is another. */
    reaches: z.string().optional(),
  }),
  z.strictObject({
    container: z.string().trim().min(1),
    engine: Slug,
    reaches: z.string().optional(),
  }),
  z.strictObject({ local: z.literal(true) }),
]);
export type DatabaseToolPlace = z.infer<typeof DatabaseToolPlace>;

/** A PostgreSQL database. Its password is asked for and kept nowhere. */
export const DatabaseAddress = z.strictObject({
  name: Slug,
  host: z.string().trim().min(1).optional(),
  port: z.int().min(1).max(65_535).optional(),
  database: z.string().min(1).optional(),
  user: z.string().min(1).optional(),
  /** In place of the four: `postgresql://user@host:5432/database`, without the password. */
  url: z.string().trim().min(1).optional(),
  /** The host through which it is reached, so that `localhost` means that host. Default: this laptop connects. */
  via: Slug.optional(),
  /** How the server is verified. Default: verify-full; off on localhost, also that of `via`. */
  tls: z
    .strictObject({
      mode: z.enum(['verify-full', 'verify-ca', 'require', 'off']).optional(),
      ca: Certificates.optional(),
    })
    .optional(),
  /** The name under which the password is given to unattended runs. Default: the name of the database. */
  secret: Slug.optional(),
  /** Default: the host of `via`, then this laptop. */
  tools: z.array(DatabaseToolPlace).max(20).optional(),
  /** The application's schemas: steps that name none take these. On a Supabase-style platform one of the two must name them. */
  schemas: z.array(z.string().min(1)).max(200).optional(),
});
export type DatabaseAddress = z.infer<typeof DatabaseAddress>;

/** Where a service runs. Holds addresses and names, never secrets. */
export const Environment = z.strictObject({
  name: Slug,
  tier: Tier,
  /** Where the service answers, without a path: `http://localhost:3000`. */
  url: z.url({ protocol: /^https?$/ }),
  /** The host from which `url` is asked, so that `localhost` means that host. Default: this laptop. */
  via: Slug.optional(),
  engines: z.array(EngineAddress),
  hosts: z.array(HostAddress).optional(),
  databases: z.array(DatabaseAddress).optional(),
  /** Free values that steps may name as `{{variable}}`. */
  variables: z.record(z.string().regex(/^[a-z][a-zA-Z0-9]*$/), z.string()),
  /** Shorter or longer than the runbook's own watch. */
  watchSeconds: z.number().positive().max(86_400).optional(),
});
export type Environment = z.infer<typeof Environment>;
