/** Looks for passwords where they must not be: in files, in what was printed, in the arguments and environments of processes. */
import { closeSync, openSync, readFileSync, readSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

const CHUNK = 4 * 1024 * 1024;
/** Shorter ones would be found in what has nothing to do with them. */
const SHORTEST = 8;
/** A program may take another's place under the same number. */
const LOOKS_AT_ONE = 3;
/** Between two looks at the list of processes. */
const LOOK_MS = 20;
/** A program or a file may end in between; anything else would be a search that found nothing because it did not look. */
const gone = new Set(['ENOENT', 'ESRCH']);
/** By these the tests themselves are told where the lab is and how to log in there. */
const ofTheTests = 'LASTGOOD_TEST_';

export class SecretSearch {
  files = 0;
  samples = 0;
  /** @type {Set<string>} */
  programs = new Set();
  /** @type {string[]} */
  found = [];
  /** @type {readonly string[]} */
  #needles;

  /** @param {readonly string[]} passwords */
  constructor(passwords) {
    if (passwords.length === 0) {
      throw new Error('No password is known, so none could be found.');
    }
    this.#needles = [...new Set(passwords.map((one) => needleOf(one)))];
  }

  /** @param {string} where @param {string | Buffer} text */
  text(where, text) {
    for (const needle of this.#needles) {
      if (text.includes(needle)) {
        this.found.push(`${where}: a password that begins with ${needle.slice(0, 5)}`);
      }
    }
  }

  /** Piece by piece, because a dump may be larger than memory. @param {string} file */
  file(file) {
    const opened = unlessGone(() => openSync(file, 'r'));
    if (opened === null) {
      return;
    }
    this.files += 1;
    const overlap = Math.max(0, ...this.#needles.map((one) => one.length)) - 1;
    const buffer = Buffer.alloc(CHUNK + overlap);
    const before = this.found.length;
    try {
      let kept = 0;
      for (;;) {
        const read = readSync(opened, buffer, kept, CHUNK, null);
        if (read === 0 || this.found.length > before) {
          return;
        }
        this.text(file, buffer.subarray(0, kept + read));
        const end = kept + read;
        kept = Math.min(overlap, end);
        buffer.copy(buffer, 0, end - kept, end);
      }
    } finally {
      closeSync(opened);
    }
  }

  /**
   * Every file under it.
   * @param {string} folder
   * @param {(file: string) => boolean} [isSearched]
   */
  folder(folder, isSearched = () => true) {
    for (const entry of unlessGone(() => readdirSync(folder, { withFileTypes: true })) ?? []) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        this.folder(path, isSearched);
      } else if (entry.isFile() && isSearched(path)) {
        this.file(path);
      }
    }
  }

  /** Looks at every process of the machine again and again. @returns {() => void} ends it */
  watchProcesses() {
    /** @type {Map<string, number>} */
    const looks = new Map();
    const timer = setInterval(() => {
      const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
      for (const pid of pids) {
        const times = looks.get(pid) ?? 0;
        if (times < LOOKS_AT_ONE) {
          looks.set(pid, times + 1);
          this.#process(pid);
        }
      }
      // A number that is free is given to another program later.
      const standing = new Set(pids);
      for (const pid of looks.keys()) {
        if (!standing.has(pid)) {
          looks.delete(pid);
        }
      }
    }, LOOK_MS);
    return () => {
      clearInterval(timer);
    };
  }

  /** @param {string} pid */
  #process(pid) {
    const words = unlessGone(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.split('\0');
    if (words === undefined) {
      return;
    }
    this.samples += 1;
    const line = words.join(' ');
    this.programs.add(basename(line.split(' ')[0] ?? ''));
    this.text(`arguments of ${line.slice(0, 80)}`, line);
    for (const variable of environmentOf(pid)) {
      if (!variable.startsWith(ofTheTests)) {
        const name = variable.slice(0, variable.indexOf('='));
        this.text(`${name} in the environment of ${line.slice(0, 80)}`, variable);
      }
    }
  }
}

/** The longest part of it that no quoting, address or JSON writes differently. @param {string} password */
function needleOf(password) {
  const [longest = ''] = password.split(/[^\w-]+/).sort((one, two) => two.length - one.length);
  if (longest.length < SHORTEST) {
    throw new Error('A password of the lab is too plain to be searched for.');
  }
  return longest;
}

/** Only root may look into the environment of others. @param {string} pid @returns {readonly string[]} */
function environmentOf(pid) {
  try {
    return unlessGone(() => readFileSync(`/proc/${pid}/environ`, 'utf8'))?.split('\0') ?? [];
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EACCES') {
      return [];
    }
    throw thrown;
  }
}

/** @template T @param {() => T} read @returns {T | null} */
function unlessGone(read) {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && gone.has(String(thrown.code))) {
      return null;
    }
    throw thrown;
  }
}
