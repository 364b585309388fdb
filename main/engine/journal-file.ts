import { constants } from 'node:fs';
import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';

/** The three things a journal asks of a disk. Kept apart so that tests can make each of them fail. */
export interface JournalFile {
  readonly write: (bytes: Buffer, position: number) => Promise<void>;
  /** Resolves only when what was written is on the disk itself. */
  readonly sync: () => Promise<void>;
  readonly truncate: (size: number) => Promise<void>;
  /** Gives back the room reserved at the start of the run. False when there is none left to give. */
  readonly releaseReserve: () => Promise<boolean>;
  readonly close: () => Promise<void>;
}

/** Room for every outcome and every undo of a long run, so that a disk that fills up cannot stop the way back. */
const RESERVE_BYTES = 512 * 1024;

/** Creates the file (refusing one that exists) and makes its name durable before anything is promised. */
export async function createJournalFile(file: string): Promise<JournalFile> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL;
  const handle = await open(file, flags, 0o600);
  await writeFile(reserveOf(file), Buffer.alloc(RESERVE_BYTES, 0x20), { mode: 0o600 });
  await syncFolder(path.dirname(file));
  return wrap(handle, file);
}

export async function openJournalFile(file: string): Promise<JournalFile> {
  return wrap(await open(file, constants.O_RDWR), file);
}

function wrap(handle: FileHandle, file: string): JournalFile {
  let hasReserve = true;
  return {
    write: async (bytes, position) => {
      let done = 0;
      while (done < bytes.length) {
        const { bytesWritten } = await handle.write(
          bytes,
          done,
          bytes.length - done,
          position + done,
        );
        done += bytesWritten;
      }
    },
    sync: () => handle.datasync(),
    truncate: (size) => handle.truncate(size),
    releaseReserve: async () => {
      const hadReserve = hasReserve;
      hasReserve = false;
      await rm(reserveOf(file), { force: true });
      return hadReserve;
    },
    close: async () => {
      await handle.close();
    },
  };
}

function reserveOf(file: string): string {
  return `${file}.reserve`;
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder; its file system journals names by itself.
  if (process.platform === 'win32') {
    return;
  }
  const handle = await open(folder, constants.O_RDONLY);
  await handle.sync().finally(() => handle.close());
}
