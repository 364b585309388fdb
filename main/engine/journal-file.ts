import { randomFillSync } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, rm, stat, truncate } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { spaceForRun } from './journal-space.js';

/** What a journal asks of a disk. Kept apart so that tests can make each of them fail. */
export interface JournalFile {
  readonly write: (bytes: Buffer, position: number) => Promise<void>;
  /** Resolves only when what was written is on the disk itself. */
  readonly sync: () => Promise<void>;
  readonly truncate: (size: number) => Promise<void>;
  /** Keeps so much room for this journal. Rejects when there is not so much, and then keeps what it had. */
  readonly reserve: (bytes: number) => Promise<void>;
  /** Gives back a part of the room, at least so much if there is so much. False when there is none left to give. */
  readonly releaseReserve: (bytes: number) => Promise<boolean>;
  readonly dropReserve: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Given back piece by piece: whatever else fills this disk would take the whole of it at once. */
const PIECE_BYTES = 64 * 1024;

/** Creates the file (refusing one that exists) and makes its name durable before anything is promised. */
export async function createJournalFile(file: string): Promise<JournalFile> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL;
  const handle = await open(file, flags, 0o600);
  const journal = wrap(handle, file);
  try {
    await journal.reserve(spaceForRun(0));
    await syncFolder(path.dirname(file));
    return journal;
  } catch (thrown) {
    await journal.close();
    await rm(file, { force: true });
    throw thrown;
  }
}

export async function openJournalFile(file: string): Promise<JournalFile> {
  return wrap(await open(file, constants.O_RDWR), file);
}

function wrap(handle: FileHandle, file: string): JournalFile {
  const reserve = `${file}.reserve`;
  return {
    write: (bytes, position) => writeAll(handle, bytes, position),
    sync: () => handle.datasync(),
    truncate: (size) => handle.truncate(size),
    reserve: (bytes) => grow(reserve, bytes),
    releaseReserve: async (bytes) => {
      const size = await sizeOf(reserve);
      if (size === 0) {
        return false;
      }
      const kept = Math.max(0, size - Math.max(PIECE_BYTES, bytes));
      await (kept === 0 ? rm(reserve, { force: true }) : truncate(reserve, kept));
      return true;
    },
    dropReserve: () => rm(reserve, { force: true }),
    close: () => handle.close(),
  };
}

/** Random bytes: a disk that compresses would keep next to no room for blanks. */
async function grow(reserve: string, bytes: number): Promise<void> {
  const size = await sizeOf(reserve);
  if (size >= bytes) {
    return;
  }
  const handle = await open(reserve, constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    await writeAll(handle, randomFillSync(Buffer.alloc(bytes - size)), size);
    await handle.datasync();
  } catch (thrown) {
    await handle.truncate(size);
    throw thrown;
  } finally {
    await handle.close();
  }
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const left = bytes.length - done;
    const { bytesWritten } = await handle.write(bytes, done, left, position + done);
    done += bytesWritten;
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder; its file system journals names by itself.
  if (process.platform === 'win32') {
    return;
  }
  const handle = await open(folder, constants.O_RDONLY);
  await handle.sync().finally(() => handle.close());
}
