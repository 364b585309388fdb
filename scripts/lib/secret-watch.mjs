/** Over all that `npm test` runs: the lab's passwords must be in no file, no list of processes, no environment and no log. */
import { existsSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { passwords } from '../../test/lab/database/cluster.mjs';
import { docker } from '../../test/lab/docker-engine.mjs';
import { standingHosts } from '../../test/lab/hosts/hosts.mjs';
import { knownPasswords, list, rememberPasswords } from '../../test/lab/known-passwords.mjs';
import { engine, isRoot, swarm } from '../../test/lab/places.mjs';
import { isGivenFile } from '../../test/lab/search-before-removal.mjs';
import { SecretSearch } from '../../test/lab/secret-search.mjs';
import { ensureTestUser } from '../../test/lab/test-user.mjs';
import { inCheckout } from './places.mjs';

/** @typedef {import('../../test/lab/lab.mjs').Lab} Lab */

export class SecretWatch {
  /** Each test writes here what stood in the folders that it took away. It may be another account's. */
  #findings = inCheckout('test-results', 'searched');
  #begun = Date.now();
  #processes = new SecretSearch(knownPasswords());
  /** Ends the looking at processes. */
  stop = () => {};

  /** Before anything is run that knows a password. */
  static async start() {
    // No server may have been made on this machine yet.
    rememberPasswords(Object.values(passwords), isRoot ? await ensureTestUser() : null);
    return new SecretWatch();
  }

  constructor() {
    rmSync(this.#findings, { recursive: true, force: true });
    if (process.platform === 'linux') {
      this.stop = this.#processes.watchProcesses();
    }
  }

  /** For whoever loads `search-before-removal.mjs`. */
  get environment() {
    return { LASTGOOD_TEST_FINDINGS: this.#findings, LASTGOOD_TEST_PASSWORDS: list };
  }

  /**
   * Before the lab is taken down: its machines still have their journals.
   * @param {Lab | null} lab
   * @param {(line: string) => void} say
   * @returns {Promise<import('./tally.mjs').Tally>}
   */
  async close(lab, say) {
    this.stop();
    const search = new SecretSearch(knownPasswords());
    search.folder(inCheckout('test-results'));
    for (const folder of this.#leftFolders()) {
      search.folder(folder, (file) => !isGivenFile(file));
    }
    for (const log of [engine.log, swarm.log]) {
      search.file(log);
    }
    if (lab !== null && lab.hosts !== null) {
      await searchJournals(search, lab.socket);
    }
    const removed = this.#searchedByTests();
    const { samples } = this.#processes;
    const files = search.files + removed.files;
    const found = [...this.#processes.found, ...search.found, ...removed.found];
    for (const one of new Set(found)) {
      say(`A password of the lab: ${one}`);
    }
    say(`passwords searched: ${files} files, ${samples} process samples, ${found.length} found`);
    // A search that read nothing found nothing, and proves as much.
    const hasLooked = files > 0 && (samples > 0 || process.platform !== 'linux');
    return found.length === 0 && hasLooked
      ? { passed: 1, failed: 0, skipped: 0 }
      : { passed: 0, failed: 1, skipped: 0 };
  }

  /** What tests left where temporary folders are. */
  #leftFolders() {
    return readdirSync(tmpdir(), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name.startsWith('lastgood-'))
      .map((entry) => join(tmpdir(), entry.name))
      .filter((folder) => existsSync(folder) && statSync(folder).mtimeMs >= this.#begun);
  }

  #searchedByTests() {
    const lines = (existsSync(this.#findings) ? readdirSync(this.#findings) : []).flatMap((name) =>
      readFileSync(join(this.#findings, name), 'utf8').trim().split('\n'),
    );
    /** @type {{ files: number, found: string[] }[]} */
    const all = lines.map((line) => JSON.parse(line));
    return {
      files: all.reduce((total, { files }) => total + files, 0),
      found: all.flatMap(({ found }) => found),
    };
  }
}

/** @param {SecretSearch} search @param {string} socket */
async function searchJournals(search, socket) {
  for (const [name, machine] of Object.entries(await standingHosts(socket))) {
    const journal = await docker(socket, [
      ...['exec', machine.container, 'sh', '-c'],
      'journalctl --no-pager --quiet -o cat 2>/dev/null; cat /var/log/*.log 2>/dev/null; :',
    ]);
    search.files += 1;
    search.text(`the journal of ${name}`, journal);
  }
}
