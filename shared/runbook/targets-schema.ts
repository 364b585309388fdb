import { z } from 'zod';

const Text = z.string().trim().min(1);
const Slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and dashes');

/** An account on a host. May be a `{{variable}}`, like every text of a runbook. */
const Account = Text;

/** What keeps the service running on its host: there its process, its log and its use are looked at. */
export const HostedService = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('systemd'), unit: Text }),
  z.strictObject({
    kind: z.literal('pm2'),
    app: Text,
    /** Whose PM2 daemon it is. Default: the account that logs in. */
    owner: Account.optional(),
    /** Its PM2_HOME. Default: `.pm2` in the home folder of the owner. */
    home: Text.optional(),
  }),
]);
export type HostedService = z.infer<typeof HostedService>;

export const DockerImages = z.strictObject({
  kind: z.literal('docker.images'),
  engine: Slug,
  repository: Text,
  /**
   * The repository with its registry's name, where the operator may ask for what the engine does not have; empty: there is none.
   * Default: `repository`, where `registryTags` are named.
   */
  registry: Text.optional(),
  /** Tags that are offered when the operator asks the registry. It is never asked by itself. */
  registryTags: z.array(Text).max(20).optional(),
  /** The container that serves now, or `{{variable}}`. */
  container: Text,
  /** What every container of the service carries, `key` or `key=value`: the others are named before the run. */
  label: Text.optional(),
  /**
   * Where the service is several containers: what each of them carries, `key` or `key=value`. All of them are taken back in one
   * run, one after the other; `container` is one of them.
   */
  containers: z.strictObject({ label: Text }).optional(),
});
export type DockerImages = z.infer<typeof DockerImages>;

export const HostReleases = z.strictObject({
  kind: z.literal('host.releases'),
  host: Slug,
  /** Holds one folder per release. */
  folder: Text,
  /** The link that says which release serves; a folder of its own where nobody ever made it a link. */
  current: Text,
  /** Regular expression that a folder's name must match to be a release. Default: any. */
  pattern: Text.optional(),
  /** What must lie in a release for it to be complete: paths inside it. */
  complete: z.array(Text).max(50).optional(),
  /** Whose files they are, where the account that logs in may not read them. */
  owner: Account.optional(),
  service: HostedService,
});
export type HostReleases = z.infer<typeof HostReleases>;

export const GitCommits = z.strictObject({
  kind: z.literal('git.commits'),
  host: Slug,
  /** The checkout that the service runs from. */
  repository: Text,
  /** How many commits, newest first; tags of older ones are added, as many again at most. */
  limit: z.int().min(1).max(500),
  owner: Account.optional(),
  service: HostedService,
});
export type GitCommits = z.infer<typeof GitCommits>;

/** What a swarm's manager keeps as the specification of before. There is one at most. */
export const SwarmPrevious = z.strictObject({
  kind: z.literal('swarm.previous'),
  /** A manager of the swarm. */
  engine: Slug,
  /** The service's name, or `{{variable}}`. */
  service: Text,
});
export type SwarmPrevious = z.infer<typeof SwarmPrevious>;
/** Where the service of a database lives: its process and its log are looked at there. */
export const ServiceOfDatabase = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('docker'), engine: Slug, container: Text }),
  z.strictObject({ kind: z.literal('systemd'), host: Slug, unit: Text }),
  z.strictObject({
    kind: z.literal('pm2'),
    host: Slug,
    app: Text,
    owner: Account.optional(),
    home: Text.optional(),
  }),
]);
export type ServiceOfDatabase = z.infer<typeof ServiceOfDatabase>;

export const PostgresBackups = z.strictObject({
  kind: z.literal('postgres.backups'),
  database: Slug,
  /** Where the backups lie, at the place where the database's programs run. */
  folder: Text,
  service: ServiceOfDatabase,
  /** By what the loss is predicted before anybody approves it. */
  loss: z
    .strictObject({
      /** Only these are restored. Default: all. */
      schemas: z.array(Text).min(1).max(100).optional(),
      /** The column of each `schema.table` that says when a row was made. */
      times: z.record(z.string().regex(/^[^.]+\.[^.]+$/, 'write schema.table'), Text).optional(),
      /** Tables with more rows than this are estimated. Default: all are counted. */
      estimateAbove: z.int().nonnegative().optional(),
      /** So long may the counting take; tables that are not counted by then are estimated. Default: 30. */
      countSeconds: z.int().min(1).max(3_600).optional(),
    })
    .optional(),
});
export type PostgresBackups = z.infer<typeof PostgresBackups>;

export const PostgresMigrations = z.strictObject({
  kind: z.literal('postgres.migrations'),
  database: Slug,
  /** Holds the down-migrations, at the place where the database's programs run. */
  folder: Text,
  /** `schema.table`: what was applied. */
  history: z.string().regex(/^[A-Za-z_][\w$]*\.[A-Za-z_][\w$]*$/, 'write schema.table'),
  /** Its column with the versions, the one that `postgres.migrate-down` names under `history`. Default: `version`. */
  historyColumn: z
    .string()
    .regex(/^\P{C}{1,63}$/u, 'a name of up to 63 characters, none of them a control character')
    .optional(),
  service: ServiceOfDatabase,
});
export type PostgresMigrations = z.infer<typeof PostgresMigrations>;

/** Where a procedure looks for what it could go back to, and where the service lives that it takes there. */
export const TargetSource = z.discriminatedUnion('kind', [
  DockerImages,
  HostReleases,
  GitCommits,
  SwarmPrevious,
  PostgresBackups,
  PostgresMigrations,
]);
export type TargetSource = z.infer<typeof TargetSource>;
