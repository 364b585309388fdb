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

/** From which size on Linux gives free memory back to the host of the machine, as a power of two of pages. */
const GIVEN_BACK = '/sys/module/page_reporting/parameters/page_reporting_order';
/** More than there are, and where the kernel takes no such thing, the largest there is: 4 MB. */
const SIZES = [
  { order: '11', text: 'the machine gives no memory back to its host meanwhile' },
  { order: '10', text: 'the machine gives memory back to its host from 4 MB on' },
];
const UNTOUCHED = 'the machine gives free memory back to its host as it likes, where it has one';

/**
 * A virtual machine gives memory that lay free back to its host, and waits for it again page by page: some 1 ms per MB,
 * so who needs a gigabyte more than another would pay a second that no server pays that has run for a day. Here the memory
 * is kept as such a server keeps it, full of files that were read and can be dropped; and what a contestant lets go of, as
 * the files of dropped tables, stays with the machine, where root may say so. On Linux; elsewhere nothing is done.
 */
export class FullMemory {
  #folder;
  #files = 0;
  #givenBack;

  /**
   * @param {string} folder on a disk, not in memory; made here, and taken away by `close`
   * @param {{ isKernelKept: boolean }} options
   */
  constructor(folder, { isKernelKept }) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
    this.#givenBack = isKernelKept ? null : stopGivingBack();
  }

  /** For the report. */
  get text() {
    return this.#givenBack?.text ?? UNTOUCHED;
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
    if (this.#givenBack !== null) {
      setGivenBack(this.#givenBack.before);
    }
  }
}

/** @returns {{ before: string, text: string } | null} null where there is nothing to set, or nothing that we may */
function stopGivingBack() {
  try {
    const before = readFileSync(GIVEN_BACK, 'utf8').trim();
    const set = /^\d+$/.test(before) ? SIZES.find(({ order }) => setGivenBack(order)) : undefined;
    return set === undefined ? null : { before, text: set.text };
  } catch {
    return null;
  }
}

/** @param {string} order */
function setGivenBack(order) {
  try {
    writeFileSync(GIVEN_BACK, order);
    return true;
  } catch {
    return false;
  }
}

function freeBytes() {
  if (process.platform !== 'linux') {
    return 0;
  }
  const [, kilobytes = '0'] = /^MemFree: +(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}
