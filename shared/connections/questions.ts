import { z } from 'zod';

/** What a connection may have to ask the operator. Holds names and fingerprints, never a secret. */
export const Question = z.discriminatedUnion('kind', [
  /** The machine is in no known_hosts file yet; answered by `accept` or `refuse`. */
  z.strictObject({
    kind: z.literal('host-key'),
    host: z.string(),
    address: z.string(),
    keyType: z.string(),
    /** `SHA256:…` as `ssh-keygen -l` prints it. */
    fingerprint: z.string(),
  }),
  z.strictObject({ kind: z.literal('password'), host: z.string(), user: z.string() }),
  /** `wasWrong`: the server refused the one before. */
  z.strictObject({
    kind: z.literal('database-password'),
    database: z.string(),
    user: z.string(),
    address: z.string(),
    wasWrong: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('passphrase'), keyFile: z.string() }),
  z.strictObject({ kind: z.literal('sudo-password'), host: z.string(), user: z.string() }),
  /** The server's own prompts, such as a one-time code; answered by as many `values`, in order. */
  z.strictObject({
    kind: z.literal('prompts'),
    host: z.string(),
    title: z.string(),
    instructions: z.string(),
    prompts: z
      .array(z.strictObject({ text: z.string(), isShown: z.boolean() }).readonly())
      .readonly(),
  }),
]);
export type Question = z.infer<typeof Question>;

/** Never logged, never in a journal, never on disk. */
export const Answer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('accept') }),
  z.strictObject({ kind: z.literal('refuse') }),
  z.strictObject({ kind: z.literal('secret'), value: z.string() }),
  z.strictObject({ kind: z.literal('values'), values: z.array(z.string()).readonly() }),
]);
export type Answer = z.infer<typeof Answer>;
