import { AppError } from '../../../shared/errors/app-error.js';
import type {
  BoundedQuestion,
  DatabaseInfo,
  DatabasePort,
  DatabaseRow,
} from '../database-types.js';
import { readInfo } from './database-info.js';
import { mayCarrySessions, pooled } from './pooler.js';
import { Sessions } from './sessions.js';
import type { SessionsOptions } from './sessions.js';
import { say } from './statements.js';
import { outcomeOf, read, readMany, readTogether, transact } from './transaction.js';

export type DatabaseAdapterOptions = SessionsOptions & {
  readonly schemas?: readonly string[] | undefined;
  /** Where databases are made and renamed from. */
  readonly maintenanceDatabase?: string;
};

const usualMaintenance = 'postgres';

/** One database behind its port. Connects when it is first used. */
export function createDatabaseAdapter(options: DatabaseAdapterOptions): DatabasePort {
  return new DatabaseAdapter(options, new Map());
}

class DatabaseAdapter implements DatabasePort {
  readonly #options: DatabaseAdapterOptions;
  readonly #sessions: Sessions;
  /** Of the same server, by database; all share this. */
  readonly #family: Map<string, DatabaseAdapter>;

  constructor(options: DatabaseAdapterOptions, family: Map<string, DatabaseAdapter>) {
    this.#options = options;
    this.#sessions = new Sessions(options);
    this.#family = family;
    family.set(options.place.database, this);
  }

  info(signal: AbortSignal): Promise<DatabaseInfo> {
    return readInfo(this.#sessions, this.#options.schemas, signal);
  }

  async mustBeDirect(signal: AbortSignal): Promise<DatabaseInfo> {
    const info = await this.info(signal);
    if (info.pooler !== null && !mayCarrySessions(info.pooler)) {
      throw pooled(info.name, info.pooler);
    }
    return info;
  }

  read(
    sql: string,
    values: readonly (string | null)[],
    signal: AbortSignal,
  ): Promise<readonly DatabaseRow[]> {
    return read(this.#sessions, sql, values, signal);
  }

  readMany(...[sql, values, onRows, signal]: Parameters<DatabasePort['readMany']>): Promise<void> {
    return readMany(this.#sessions, sql, values, onRows, signal);
  }

  readTogether<T>(work: (ask: BoundedQuestion) => Promise<T>, signal: AbortSignal): Promise<T> {
    return readTogether(this.#sessions, work, signal);
  }

  transact(
    ...[statements, signal, onTransaction]: Parameters<DatabasePort['transact']>
  ): Promise<void> {
    const told = onTransaction ?? (() => Promise.resolve());
    return transact(this.#sessions, statements, signal, told);
  }

  outcomeOf(transactionId: string, signal: AbortSignal) {
    return outcomeOf(this.#sessions, transactionId, signal);
  }

  async execute(
    sql: string,
    { maintenance = false }: { readonly maintenance?: boolean },
    signal: AbortSignal,
  ): Promise<void> {
    if (maintenance) {
      // Our own idle sessions must not be what keeps a database from being renamed.
      this.#release();
      await this.#sibling(this.#options.maintenanceDatabase ?? usualMaintenance).#execute(
        sql,
        signal,
      );
      return;
    }
    await this.#execute(sql, signal);
  }

  sibling(database: string): DatabasePort {
    return this.#sibling(database);
  }

  close(): Promise<void> {
    this.#release();
    return Promise.resolve();
  }

  #sibling(database: string): DatabaseAdapter {
    const options = { ...this.#options, place: { ...this.#options.place, database } };
    return this.#family.get(database) ?? new DatabaseAdapter(options, this.#family);
  }

  #release(): void {
    for (const one of this.#family.values()) {
      one.#sessions.release();
    }
  }

  async #execute(sql: string, signal: AbortSignal): Promise<void> {
    const session = await this.#sessions.take(signal, true);
    try {
      // As one statement: several at once would be one transaction, which this is there to avoid.
      await say(this.#sessions, session, { sql, values: [] }, signal);
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'DATABASE_LINE_LOST') {
        const text = `The line to ${this.#options.name} broke under way: ${sql.slice(0, 80)}`;
        throw new AppError('DATABASE_OUTCOME_UNKNOWN', text, { cause: thrown });
      }
      throw thrown;
    } finally {
      session.close();
    }
  }
}
