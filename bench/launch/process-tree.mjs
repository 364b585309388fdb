import { readdirSync, readFileSync } from 'node:fs';

const PAGE_BYTES = 4_096;

/** A process and all that it started, by the parents that the system names. @param {number} root */
export function processTree(root) {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .flatMap((name) => {
      const parent = parentOf(name);
      return parent === null ? [] : [{ pid: Number(name), parent }];
    });
  const found = [root];
  for (const pid of found) {
    found.push(...parents.filter(({ parent }) => parent === pid).map((child) => child.pid));
  }
  return found;
}

/** @param {string} pid */
function parentOf(pid) {
  try {
    // The name in parentheses may hold anything, so what follows the last one counts.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ');
    return Number(fields?.[1]);
  } catch {
    return null;
  }
}

/**
 * Megabytes of the whole tree. `pss` counts memory that processes share once; null where the system does not let us
 * read it. `rss` counts it in each of them.
 * @param {number} root
 */
export function memoryOf(root) {
  const tree = processTree(root);
  const megabytes = (/** @type {number} */ bytes) => bytes / 1024 ** 2;
  const rss = tree.reduce((sum, pid) => sum + rssBytes(pid), 0);
  const pss = tree.map(pssBytes);
  const isKnown = !pss.includes(null);
  return {
    processes: tree.length,
    rssMegabytes: megabytes(rss),
    pssMegabytes: isKnown
      ? megabytes(pss.reduce((sum, bytes) => (sum ?? 0) + (bytes ?? 0), 0) ?? 0)
      : null,
  };
}

/** @param {number} pid */
function rssBytes(pid) {
  return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES;
}

/** @param {number} pid @returns {number | null} */
function pssBytes(pid) {
  try {
    const kilobytes = /^Pss:\s+(\d+) kB$/mu.exec(
      readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'),
    )?.[1];
    return Number(kilobytes) * 1_024;
  } catch {
    return null;
  }
}
