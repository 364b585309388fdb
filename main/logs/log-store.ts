import { constants } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { LogEntry } from '../../shared/ipc/views.js';
import type { LogSource } from '../../shared/ipc/views.js';

const MOST_WAITING_CHARACTERS = 16 * 1024 * 1024;
const LINES_TOGETHER = 1_000;

/** Why lines are not on the disk, and how many: those that memory holds until there is room, and those that nothing had room for. */
export type Unwritten = {
  readonly waiting: number;
  readonly leftOut: number;
  readonly reason: unknown;
};

export type LogPage = { readonly entries: readonly LogEntry[]; readonly total: number };

/**
 * The lines of one source of one run: on disk whole, in memory only where each one starts. Order is the order of
 * `append`. A line is written a moment later; what a crash takes with it are log lines, never records. Lines that the disk
 * does not take stay in memory, can be read, and are written with the next ones that it takes. A storm on a full disk must not take the console's memory
 * as well: what is more than fits there is left out, and where and how much is said in its place.
 */
export class LogStore {
  readonly #file: string;
  readonly #offsets: number[] = [];
  #size = 0;
  #handle: Promise<FileHandle> | null = null;
  readonly #pending: string[] = [];
  #pendingLength = 0;
  readonly #mostWaiting: number;
  /** Lines for which there was neither disk nor memory, and the last of them. */
  #leftOut = 0;
  #lastLeftOut: LogEntry | null = null;
  #writing: Promise<void> = Promise.resolve();
  /** Told once when lines begin to wait for the disk, with the reason, and null once they are written, with how many were left out. */
  onWaiting: ((reason: unknown, leftOut: number) => void) | null = null;
  #leftOutInAll = 0;
  #isWaiting = false;
  #reason: unknown = null;

  private constructor(file: string, mostWaiting: number) {
    this.#file = file;
    this.#mostWaiting = mostWaiting;
  }

  /** Indexes what is already there; an unfinished last line is passed over and overwritten. */
  static async open(
    folder: string,
    source: LogSource,
    mostWaiting = MOST_WAITING_CHARACTERS,
  ): Promise<LogStore> {
    const store = new LogStore(path.join(folder, `${source}.log`), mostWaiting);
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
    for (const entry of entries) {
      this.#wait(entry);
    }
    this.#writeSoon();
  }

  #wait(entry: LogEntry): void {
    const line = `${JSON.stringify(entry)}\n`;
    if (this.#isWaiting && this.#pendingLength + line.length > this.#mostWaiting) {
      this.#leftOut += 1;
      this.#leftOutInAll += 1;
      this.#lastLeftOut = entry;
      return;
    }
    this.#sayLeftOut();
    this.#pending.push(line);
    this.#pendingLength += line.length;
  }

  #sayLeftOut(): void {
    const last = this.#lastLeftOut;
    if (last === null) {
      return;
    }
    const text = `${String(this.#leftOut)} lines are missing here: the disk of this computer was full.`;
    this.#leftOut = 0;
    this.#lastLeftOut = null;
    const mark: LogEntry = { ...last, stream: 'mark', text, isError: true };
    const line = `${JSON.stringify(mark)}\n`;
    this.#pending.push(line);
    this.#pendingLength += line.length;
  }

  /** Writes what waits. Null when everything that was appended before this call is on the disk. */
  async unwritten(): Promise<Unwritten | null> {
    // Before writing: once the disk takes lines again, those that were left out count no more.
    const leftOut = this.#leftOutInAll;
    const { total } = this;
    this.#writeSoon();
    await this.#writing;
    const waiting = Math.max(0, total - this.#offsets.length);
    return waiting === 0 && leftOut === 0 ? null : { waiting, leftOut, reason: this.#reason };
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
    this.#reason = reason;
    if (isWaiting !== this.#isWaiting) {
      this.#isWaiting = isWaiting;
      const leftOut = this.#leftOutInAll;
      this.#leftOutInAll = 0;
      this.onWaiting?.(reason, leftOut);
    }
  }

  async #flush(): Promise<void> {
    while (this.#pending.length > 0) {
      // Not all of them at once: on a full disk every try would copy everything that waits.
      const lines = this.#pending.slice(0, LINES_TOGETHER);
      const text = lines.join('');
      const handle = await this.#open();
      await writeWhole(handle, Buffer.from(text, 'utf8'), this.#size);
      this.#pending.splice(0, lines.length);
      this.#pendingLength -= text.length;
      for (const line of lines) {
        this.#offsets.push(this.#size);
        this.#size += Buffer.byteLength(line);
      }
      if (this.#pending.length === 0) {
        this.#sayLeftOut();
      }
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
