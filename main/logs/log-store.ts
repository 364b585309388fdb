import { constants } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { LogEntry } from '../../shared/ipc/views.js';
import type { LogSource } from '../../shared/ipc/views.js';

export type LogPage = { readonly entries: readonly LogEntry[]; readonly total: number };

/**
 * The lines of one source of one run: on disk whole, in memory only where each one starts. Order is the order of
 * `append`. A line is written a moment later; what a crash takes with it are log lines, never records.
 */
export class LogStore {
  readonly #file: string;
  readonly #offsets: number[] = [];
  #size = 0;
  #handle: Promise<FileHandle> | null = null;
  #pending: string[] = [];
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: string) {
    this.#file = file;
  }

  /** Indexes what is already there; an unfinished last line is passed over and overwritten. */
  static async open(folder: string, source: LogSource): Promise<LogStore> {
    const store = new LogStore(path.join(folder, `${source}.log`));
    const bytes = await readFile(store.#file).catch(() => Buffer.alloc(0));
    for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a, end + 1)) {
      store.#offsets.push(store.#size);
      store.#size = end + 1;
    }
    return store;
  }

  get total(): number {
    return this.#offsets.length + this.#pending.length;
  }

  append(entries: readonly LogEntry[]): void {
    this.#pending.push(...entries.map((entry) => `${JSON.stringify(entry)}\n`));
    this.#writing = this.#writing.then(() => this.#flush());
  }

  /** At most `count` lines from index `from`. */
  async page(from: number, count: number): Promise<LogPage> {
    await this.#writing;
    const total = this.#offsets.length;
    const last = Math.min(from + count, total);
    const start = this.#offsets[from];
    if (start === undefined || last <= from) {
      return { entries: [], total };
    }
    const end = this.#offsets[last] ?? this.#size;
    const bytes = Buffer.alloc(end - start);
    const handle = await this.#open();
    await handle.read(bytes, 0, bytes.length, start);
    const lines = bytes.toString('utf8').split('\n').slice(0, -1);
    return { entries: lines.map((line) => LogEntry.parse(JSON.parse(line))), total };
  }

  async close(): Promise<void> {
    await this.#writing;
    const handle = this.#handle;
    this.#handle = null;
    await (await handle)?.close();
  }

  async #flush(): Promise<void> {
    const lines = this.#pending;
    if (lines.length === 0) {
      return;
    }
    this.#pending = [];
    const handle = await this.#open();
    const bytes = Buffer.from(lines.join(''), 'utf8');
    await handle.write(bytes, 0, bytes.length, this.#size);
    for (const line of lines) {
      this.#offsets.push(this.#size);
      this.#size += Buffer.byteLength(line);
    }
  }

  #open(): Promise<FileHandle> {
    this.#handle ??= openForBoth(this.#file);
    return this.#handle;
  }
}

/** Reads and writes anywhere, and makes the file where there is none. */
async function openForBoth(file: string): Promise<FileHandle> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  return open(file, constants.O_RDWR | constants.O_CREAT, 0o600);
}
