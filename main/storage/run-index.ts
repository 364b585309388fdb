import { rmSync } from 'node:fs';
import type * as Sqlite from 'node:sqlite';
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { RunSummary } from '../../shared/ipc/views.js';
import type { RunId } from '../../shared/run/events.js';

/** A run's line for lists, and the journal it was folded from: another size or time makes it stale. */
export type IndexEntry = {
  readonly size: number;
  readonly mtimeMs: number;
  readonly summary: RunSummary;
};

export type RunIndexOptions = {
  readonly file: string;
  /** Another version may say other things about the same run, so its lines are not taken. */
  readonly appVersion: string;
  readonly say: (message: string) => void;
};

const FORMAT = 2;
// Written by this very version, and only ever shown: ten thousand lines are not gone through field by field.
const Entries = z.custom<IndexEntry[]>((value) => Array.isArray(value) && value.every(isEntry));
const Pack = z.object({ entries: z.string() });
const Meta = z.object({ format: z.number(), app_version: z.string() });

/**
 * Lines for lists, so that ten thousand journals need not be read to show them. The journals are the truth: whatever
 * goes wrong here is said, and the lines are made anew.
 */
export class RunIndex {
  readonly #options: RunIndexOptions;
  #database: DatabaseSync | null = null;

  constructor(options: RunIndexOptions) {
    this.#options = options;
  }

  /** Everything that can be used. Empty when there is no index yet, or none that can be read. */
  load(): Map<RunId, IndexEntry> {
    try {
      this.#open();
      return this.#readAll();
    } catch (thrown) {
      return this.#rebuild(thrown);
    }
  }

  put(entries: readonly IndexEntry[]): void {
    this.#change(
      packed(entries, ({ summary }) => summary.runId),
      (lines, added) => {
        for (const entry of added) {
          lines.set(entry.summary.runId, entry);
        }
      },
    );
  }

  remove(runIds: readonly RunId[]): void {
    this.#change(
      packed(runIds, (runId) => runId),
      (lines, gone) => {
        for (const runId of gone) {
          lines.delete(runId);
        }
      },
    );
  }

  close(): void {
    try {
      this.#database?.close();
    } catch {
      // It is read from the journals again.
    }
    this.#database = null;
  }

  #open(): void {
    // Only the product's own runtime is sure to have it; without it the journals are read.
    const sqlite: typeof Sqlite | undefined = process.getBuiltinModule('node:sqlite');
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- its type knows only runtimes that have it
    if (sqlite === undefined || this.#database !== null) {
      return;
    }
    const database = new sqlite.DatabaseSync(this.#options.file);
    this.#database = database;
    database.exec('PRAGMA busy_timeout = 500; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF');
    database.exec(
      'CREATE TABLE IF NOT EXISTS meta (format INTEGER NOT NULL, app_version TEXT NOT NULL) STRICT',
    );
    const meta = Meta.safeParse(database.prepare('SELECT * FROM meta').get());
    const { appVersion } = this.#options;
    if (meta.data?.format !== FORMAT || meta.data.app_version !== appVersion) {
      database.exec(`
        DELETE FROM meta;
        DROP TABLE IF EXISTS runs;
        DROP TABLE IF EXISTS packs;
        CREATE TABLE packs (pack TEXT PRIMARY KEY, entries TEXT NOT NULL) STRICT, WITHOUT ROWID;
      `);
      database.prepare('INSERT INTO meta VALUES (?, ?)').run(FORMAT, appVersion);
    }
  }

  #readAll(): Map<RunId, IndexEntry> {
    const rows = this.#database?.prepare('SELECT entries FROM packs').all() ?? [];
    return byRun(rows.flatMap(linesOf));
  }

  /** Each pack is read again inside the transaction: another console may have written to it since. */
  #change<T>(
    packs: ReadonlyMap<string, readonly T[]>,
    change: (lines: Map<RunId, IndexEntry>, parts: readonly T[]) => void,
  ): void {
    if (packs.size === 0) {
      return;
    }
    this.#write((database) => {
      const select = database.prepare('SELECT entries FROM packs WHERE pack = ?');
      const insert = database.prepare('INSERT OR REPLACE INTO packs (pack, entries) VALUES (?, ?)');
      for (const [pack, parts] of packs) {
        const row = select.get(pack);
        const lines = byRun(row === undefined ? [] : linesOf(row));
        change(lines, parts);
        insert.run(pack, JSON.stringify([...lines.values()]));
      }
    });
  }

  #write(change: (database: DatabaseSync) => void): void {
    const database = this.#database;
    if (database === null) {
      return;
    }
    try {
      database.exec('BEGIN IMMEDIATE');
      change(database);
      database.exec('COMMIT');
    } catch (thrown) {
      if (isBroken(thrown)) {
        this.#rebuild(thrown);
        return;
      }
      try {
        database.exec('ROLLBACK');
      } catch {
        // The transaction never began.
      }
      this.#options.say(`The index of runs could not be written (${reasonOf(thrown)}).`);
    }
  }

  /** The file is thrown away only for being broken: one that is busy or may not be opened is left alone. */
  #rebuild(thrown: unknown): Map<RunId, IndexEntry> {
    const { file, say } = this.#options;
    this.close();
    if (!isBroken(thrown)) {
      say(`The index of runs is not used (${reasonOf(thrown)}); the journals are read instead.`);
      return new Map();
    }
    say(`The index of runs was broken (${reasonOf(thrown)}); it is made anew from the journals.`);
    try {
      for (const suffix of ['', '-wal', '-shm']) {
        rmSync(`${file}${suffix}`, { force: true });
      }
      this.#open();
    } catch (again) {
      this.close();
      say(`The index of runs cannot be made anew (${reasonOf(again)}).`);
    }
    return new Map();
  }
}

/** Ten thousand rows cost six times what their packs do; a run that changes costs its own pack alone. */
function packOf(runId: RunId): string {
  return runId.slice(-2);
}

function packed<T>(all: readonly T[], runIdOf: (one: T) => RunId): Map<string, T[]> {
  return Map.groupBy(all, (one) => packOf(runIdOf(one)));
}

function linesOf(row: unknown): IndexEntry[] {
  return Entries.parse(JSON.parse(Pack.parse(row).entries));
}

function byRun(entries: readonly IndexEntry[]): Map<RunId, IndexEntry> {
  return new Map(entries.map((entry) => [entry.summary.runId, entry]));
}

function isEntry(value: unknown): boolean {
  if (!isObject(value) || !isObject(value['summary'])) {
    return false;
  }
  const { runId, startedAt, service, environment } = value['summary'];
  return (
    typeof value['size'] === 'number' &&
    typeof value['mtimeMs'] === 'number' &&
    typeof runId === 'string' &&
    typeof startedAt === 'string' &&
    typeof service === 'string' &&
    typeof environment === 'string'
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

const CORRUPT = 11;
const NOT_A_DATABASE = 26;
const GENERIC = 1;

/** A table of another shape is SQLite's plain error; a line that does not parse is zod's or JSON's. */
function isBroken(thrown: unknown): boolean {
  if (thrown instanceof Error && 'errcode' in thrown && typeof thrown.errcode === 'number') {
    return [CORRUPT, NOT_A_DATABASE, GENERIC].includes(thrown.errcode & 0xff);
  }
  return thrown instanceof z.ZodError || thrown instanceof SyntaxError;
}

function reasonOf(thrown: unknown): string {
  return thrown instanceof z.ZodError || !(thrown instanceof Error)
    ? 'a line does not fit'
    : thrown.message;
}
