import type { JobSecret, RunAs } from './host-types.js';
import type { HostPort } from './ports.js';

/** Every value as the server writes it: no time zone, no digit and no microsecond is lost on the way. */
export type DatabaseRow = Readonly<Record<string, string | null>>;

export type DatabaseStatement = {
  readonly sql: string;
  /** For `$1`, `$2` …; with values the server takes one statement only. */
  readonly values?: readonly (string | null)[];
  /**
   * The text may hold several statements of somebody else. The server itself refuses a COMMIT or ROLLBACK in it, wherever
   * it stands, and then nothing of the transaction stays. No COPY FROM STDIN.
   */
  readonly isSealed?: true;
};

export type Pooler = {
  readonly kind: 'pgbouncer' | 'supavisor' | 'unknown';
  readonly mode: 'transaction' | 'session' | 'statement' | 'unknown';
};

/** Who answered. */
export type DatabaseInfo = {
  /** The name in the environment. */
  readonly name: string;
  readonly database: string;
  readonly user: string;
  /** 150008 for 15.8. */
  readonly serverVersion: number;
  readonly serverVersionText: string;
  readonly isTls: boolean;
  readonly isSuperuser: boolean;
  readonly canCreateDatabase: boolean;
  readonly pooler: Pooler | null;
  readonly flavour: 'plain' | 'supabase';
  /** Tells clusters apart; null where this user may not read it. */
  readonly systemIdentifier: string | null;
  /** `host:port`, with the host of the tunnel where there is one. Never a secret. */
  readonly address: string;
  /** The schemas that are the application's: the environment's, or all that are not the platform's. */
  readonly schemas: readonly string[];
};

export type TransactionOutcome = 'committed' | 'aborted' | 'in progress' | 'not known';

export type QuestionLimits = {
  readonly withinMs: number;
  /** How long it waits for what another session has locked. */
  readonly lockMs: number;
};

/** Null where the server came to no answer in that time: it has ended the question itself. */
export type BoundedQuestion = (
  sql: string,
  limits: QuestionLimits,
) => Promise<readonly DatabaseRow[] | null>;

/**
 * One database. All verbs connect where needed and reject with `AppError`: DATABASE_UNREACHABLE, DATABASE_LOGIN_REFUSED,
 * DATABASE_TLS_REFUSED, DATABASE_IS_API_URL: nothing was begun. A statement that the server refuses is DATABASE_REFUSED.
 * `signal` cancels the statement on the server, then rejects with STEP_STOPPED.
 */
export interface DatabasePort {
  info(signal: AbortSignal): Promise<DatabaseInfo>;
  /** DATABASE_POOLED where a pooler in transaction or statement mode stands between: no dump, restore or migration goes through it. */
  mustBeDirect(signal: AbortSignal): Promise<DatabaseInfo>;
  /** One statement in a transaction that the server holds read-only. */
  read(
    sql: string,
    values: readonly (string | null)[],
    signal: AbortSignal,
  ): Promise<readonly DatabaseRow[]>;
  /** The same with many rows: `onRows` gets them in order, some at a time, from one snapshot. */
  readMany(
    sql: string,
    values: readonly (string | null)[],
    onRows: (rows: readonly DatabaseRow[]) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void>;
  /** Several questions on one snapshot, so that all answers are of one moment. Each may take too long without harm to the others. */
  readTogether<T>(work: (ask: BoundedQuestion) => Promise<T>, signal: AbortSignal): Promise<T>;
  /**
   * All or nothing, in one transaction. `onTransaction` gets its id before the first statement is sent and is waited
   * for. DATABASE_ESCAPED where a statement that was not sealed ended the transaction. DATABASE_OUTCOME_UNKNOWN when the line broke at or after COMMIT: ask `outcomeOf`.
   */
  transact(
    statements: readonly DatabaseStatement[],
    signal: AbortSignal,
    onTransaction?: (transactionId: string) => Promise<void>,
  ): Promise<void>;
  outcomeOf(transactionId: string, signal: AbortSignal): Promise<TransactionOutcome>;
  /**
   * One statement outside a transaction (CREATE DATABASE, ALTER DATABASE … RENAME, CREATE INDEX CONCURRENTLY); with
   * `maintenance` on the server's maintenance database. DATABASE_OUTCOME_UNKNOWN when the line broke under way.
   */
  execute(
    sql: string,
    options: { readonly maintenance?: boolean },
    signal: AbortSignal,
  ): Promise<void>;
  /** The same server, another database. */
  sibling(database: string): DatabasePort;
  /** Ends its connections; those of siblings, too. */
  close(): Promise<void>;
}

export type ToolName = 'pg_dump' | 'pg_restore' | 'psql';

export type ToolProgram = {
  /** Absolute. */
  readonly path: string;
  /** `15.18`, as the program itself says. */
  readonly version: string;
  /** 15. */
  readonly major: number;
};

/** What a script at the place needs to reach the database. No secret is in it but in `secrets`. */
export type ToolConnection = {
  /**
   * Lines of sh: every variable that libpq listens to is unset, then those of this database are exported. Belongs at the
   * beginning of each script. `database` in place of the environment's own.
   */
  readonly environment: (database?: string) => string;
  /**
   * Lines of sh, after `environment`: the function `same_server QUESTION`, a scalar in SQL. Where another server answers at the
   * place than here, that one is not asked, and the function fails; `lg_why` says then what is wrong. It leaves the server's
   * identifier in `lg_server`, nothing where it does not tell, and in `lg_answer` what it answered. All by one session.
   */
  readonly sameServer: string;
  /** For `HostJob.secrets`: the pass file and the certificate authority. Asks for the password where it is not known. */
  readonly secrets: (signal: AbortSignal) => Promise<readonly JobSecret[]>;
};

/** Where pg_dump, pg_restore and psql run: a place with a POSIX shell and detached jobs. */
export type ToolPlace = {
  readonly kind: 'host' | 'container' | 'local';
  /** The host, `container on engine`, or `this laptop`. */
  readonly name: string;
  readonly host: HostPort;
  readonly as: RunAs;
  readonly survivesLaptop: boolean;
  readonly programs: Readonly<Record<ToolName, ToolProgram>>;
  readonly connection: ToolConnection;
  /** Why this place and these programs, a sentence each. */
  readonly reason: string;
};

export interface DatabaseTools {
  /**
   * Looked for once and kept. DATABASE_TOOLS_MISSING and DATABASE_TOOLS_TOO_OLD say what was looked for, where, and what
   * was found there.
   */
  place(signal: AbortSignal): Promise<ToolPlace>;
}
