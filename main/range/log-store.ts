import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RangeClock } from './clock.js';

export type LogStream = 'stdout' | 'stderr';
export type StoredLine = { readonly at: string; readonly stream: LogStream; readonly text: string };

/** Older lines are dropped, like a real log driver's rotation. */
const KEPT = 2_000;

/** The output of every container. Kept beside the world, because a kept container's log is evidence after a restart. */
export class LogStore {
  readonly #folder: string;
  readonly #clock: RangeClock;
  readonly #lines = new Map<string, StoredLine[]>();
  readonly #listeners = new Map<string, Set<(line: StoredLine) => void>>();
  readonly #onFile = new Map<string, number>();
  #writing: Promise<void> = Promise.resolve();

  constructor(folder: string, clock: RangeClock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  async load(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const text = await readFile(this.#file(id), 'utf8').catch(() => '');
      const lines = text.split('\n').flatMap(toLine).filter(isRising);
      this.#lines.set(id, lines.slice(-KEPT));
      this.#onFile.set(id, lines.length);
    }
  }

  /** Gives a container a past, oldest line first. */
  fill(id: string, lines: readonly StoredLine[]): void {
    this.#lines.set(id, [...lines]);
    this.#onFile.set(id, lines.length);
    this.#enqueue(async () => {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeFile(this.#file(id), lines.map(toText).join(''), { mode: 0o600 });
    });
  }

  read(id: string): readonly StoredLine[] {
    return this.#lines.get(id) ?? [];
  }

  append(id: string, stream: LogStream, text: string, at = this.#clock.stamp()): void {
    const line = { at, stream, text: text.replaceAll('\n', ' ') };
    const lines = [...this.read(id), line].slice(-KEPT);
    this.#lines.set(id, lines);
    this.#persist(id, line);
    this.#listeners.get(id)?.forEach((listener) => {
      listener(line);
    });
  }

  /** Answers how to stop listening. */
  subscribe(id: string, listener: (line: StoredLine) => void): () => void {
    const listeners = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  forget(id: string): void {
    this.#lines.delete(id);
    this.#enqueue(() => rm(this.#file(id), { force: true }));
  }

  /** Resolves when every line so far is in its file. */
  flush(): Promise<void> {
    return this.#writing;
  }

  #persist(id: string, line: StoredLine): void {
    this.#enqueue(async () => {
      const lines = this.#lines.get(id);
      if (lines === undefined) {
        return;
      }
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      const written = (this.#onFile.get(id) ?? 0) + 1;
      if (written > 2 * KEPT) {
        await writeFile(this.#file(id), lines.map(toText).join(''), { mode: 0o600 });
        this.#onFile.set(id, lines.length);
      } else {
        await appendFile(this.#file(id), toText(line), { mode: 0o600 });
        this.#onFile.set(id, written);
      }
    });
  }

  /** A log that cannot be written must not stop the world: the lines are still in memory. */
  #enqueue(work: () => Promise<void>): void {
    this.#writing = this.#writing.then(work).catch(() => undefined);
  }

  #file(id: string): string {
    return path.join(this.#folder, `${id}.log`);
  }
}

/** A rotation may have written a line that was still queued: moments are unique, so the second one is dropped. */
function isRising(line: StoredLine, index: number, all: readonly StoredLine[]): boolean {
  return index === 0 || line.at > (all[index - 1]?.at ?? '');
}

function toText({ at, stream, text }: StoredLine): string {
  return `${at} ${stream} ${text}\n`;
}

function toLine(text: string): StoredLine[] {
  const match = /^(\S+) (stdout|stderr) (.*)$/.exec(text);
  if (match === null) {
    return [];
  }
  return [
    {
      at: match[1] ?? '',
      stream: match[2] === 'stderr' ? 'stderr' : 'stdout',
      text: match[3] ?? '',
    },
  ];
}
