import { constants } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { LogEntry } from '../../shared/ipc/views.js';
import type { LogSource } from '../../shared/ipc/views.js';

export type LogPage = { readonly entries: readonly LogEntry[]; readonly total: number };

/**
 * The lines of one source of one run: on disk whole, in memory only where each one starts. Order is the order of
 * `append`. A line is written a moment later; what a crash takes with it are log lines, never records. Lines that the disk
 * does not take stay in memory, can be read, and are written with the next ones that it takes.
 */
export class LogStore {
  readonly #file: string;
  readonly #offsets: number[] = [];
  #size = 0;
  #handle: Promise<FileHandle> | null = null;
  readonly #pending: string[] = [];
  #writing: Promise<void> = Promise.resolve();
  /** Told once when lines begin to wait for the disk, with the reason, and null once they are written. */
  onWaiting: ((reason: unknown) => void) | null = null;
  #isWaiting = false;

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
    this.#writeSoon();
  }

  /** At most `count` lines from index `from`. */
  async page(from: number, count: number): Promise<LogPage> {
    await this.#writing;
    const { total } = this;
    const last = Math.min(from + count, total);
    if (last <= from) {
      return { entries: [], total };
    }
    const onDisk = this.#offsets.length;
    const unwritten = this.#pending.slice(Math.max(from - onDisk, 0), Math.max(last - onDisk, 0));
    const lines = [...(await this.#read(from, Math.min(last, onDisk))), ...unwritten];
    return { entries: lines.map((line) => LogEntry.parse(JSON.parse(line))), total };
  }

  async close(): Promise<void> {
    this.#writeSoon();
    await this.#writing;
    const handle = this.#handle;
    this.#handle = null;
    await (await handle)?.close();
  }

  async #read(from: number, to: number): Promise<readonly string[]> {
    const start = this.#offsets[from];
    if (start === undefined || to <= from) {
      return [];
    }
    const end = this.#offsets[to] ?? this.#size;
    const bytes = Buffer.alloc(end - start);
    const handle = await this.#open();
    await handle.read(bytes, 0, bytes.length, start);
    return bytes.toString('utf8').split('\n').slice(0, -1);
  }

  #writeSoon(): void {
    this.#writing = this.#writing.then(() =>
      this.#flush().then(
        () => {
          this.#tell(false, null);
        },
        (thrown: unknown) => {
          this.#tell(true, thrown);
        },
      ),
    );
  }

  #tell(isWaiting: boolean, reason: unknown): void {
    if (isWaiting !== this.#isWaiting) {
      this.#isWaiting = isWaiting;
      this.onWaiting?.(reason);
    }
  }

  async #flush(): Promise<void> {
    const lines = [...this.#pending];
    if (lines.length === 0) {
      return;
    }
    const handle = await this.#open();
    await writeWhole(handle, Buffer.from(lines.join(''), 'utf8'), this.#size);
    this.#pending.splice(0, lines.length);
    for (const line of lines) {
      this.#offsets.push(this.#size);
      this.#size += Buffer.byteLength(line);
    }
  }

  #open(): Promise<FileHandle> {
    this.#handle ??= openForBoth(this.#file).catch((thrown: unknown) => {
      this.#handle = null;
      throw thrown;
    });
    return this.#handle;
  }
}

/** A disk that is nearly full takes a part of what it is given. */
async function writeWhole(handle: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, at + done);
    done += bytesWritten;
  }
}

/** Reads and writes anywhere, and makes the file where there is none. */
async function openForBoth(file: string): Promise<FileHandle> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  return open(file, constants.O_RDWR | constants.O_CREAT, 0o600);
}
