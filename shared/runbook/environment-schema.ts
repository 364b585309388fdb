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

/** Where a service runs. Holds addresses and names, never secrets. */
export const Environment = z.strictObject({
  name: Slug,
  tier: Tier,
  /** Where the service answers, without a path: `http://localhost:3000`. */
  url: z.url({ protocol: /^https?$/ }),
  engines: z.array(EngineAddress).min(1),
  /** Free values that steps may name as `{{variable}}`. */
  variables: z.record(z.string().regex(/^[a-z][a-zA-Z0-9]*$/), z.string()),
  /** Shorter or longer than the runbook's own watch. */
  watchSeconds: z.number().positive().max(86_400).optional(),
});
export type Environment = z.infer<typeof Environment>;
