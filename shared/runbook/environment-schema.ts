import { z } from 'zod';

const Slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and dashes');

/** How much is at stake, shown as a band on every screen: red, amber or violet, always with the word. */
export const Tier = z.enum(['production', 'staging', 'practice']);
export type Tier = z.infer<typeof Tier>;

export const EngineAddress = z.strictObject({
  name: Slug,
  kind: z.literal('docker'),
  /** Absolute path of the engine's unix socket. */
  socket: z.string().startsWith('/'),
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
  /** Free values that steps may name as `{{variable}}`. */
  variables: z.record(z.string().regex(/^[a-z][a-zA-Z0-9]*$/), z.string()),
  /** Shorter or longer than the runbook's own watch. */
  watchSeconds: z.number().positive().max(86_400).optional(),
});
export type Environment = z.infer<typeof Environment>;
