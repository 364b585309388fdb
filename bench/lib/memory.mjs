import {
  createReadStream,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';

/** Left free for what the contestants ask for before the system takes back what a file had. */
const SPARED_BYTES = 200 * 1024 ** 2;

/**
 * A virtual machine gives memory that lay free back to its host, and waits for it again page by page: some 1 ms per MB,
 * so who needs a gigabyte more than another would pay a second that no server pays that has run for a day. Here the memory
 * is kept as such a server keeps it, full of files that were read and can be dropped. On Linux; elsewhere nothing is done.
 */
export class FullMemory {
  #folder;
  #files = 0;

  /** @param {string} folder on a disk, not in memory; made here, and taken away by `close` */
  constructor(folder) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** Reads files without content, which take no room on the disk, until hardly any memory is free. */
  async fill() {
    const bytes = freeBytes() - SPARED_BYTES;
    if (bytes <= 0) {
      return;
    }
    this.#files += 1;
    const file = join(this.#folder, String(this.#files));
    writeFileSync(file, '');
    truncateSync(file, bytes);
    const reading = createReadStream(file, { highWaterMark: 1024 ** 2 });
    reading.resume();
    await finished(reading);
  }

  close() {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function freeBytes() {
  if (process.platform !== 'linux') {
    return 0;
  }
  const [, kilobytes = '0'] = /^MemFree: +(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}
