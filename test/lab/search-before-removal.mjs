/**
 * Tests take their folders away when they end, so what was written in them is searched before that: whoever loads this
 * searches each folder that is removed as a whole. Does nothing outside of `npm test`, which names the folder of findings.
 */
import fs, { appendFileSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { knownPasswords } from './known-passwords.mjs';
import { SecretSearch } from './secret-search.mjs';

/** What a test hands over as a password, and what a pooler of the lab reads: there it belongs. @param {string} file */
export const isGivenFile = (file) => /\/(?:password|pgbouncer-users\.txt)$/.test(file);

const findings = process.env['LASTGOOD_TEST_FINDINGS'];

/** @param {unknown} path */
function searchFolder(path) {
  if (
    findings === undefined ||
    !existsSync(String(path)) ||
    !statSync(String(path)).isDirectory()
  ) {
    return;
  }
  const search = new SecretSearch(knownPasswords());
  search.folder(String(path), (file) => !isGivenFile(file));
  mkdirSync(findings, { recursive: true });
  const { files, found } = search;
  appendFileSync(join(findings, `${process.pid}.jsonl`), `${JSON.stringify({ files, found })}\n`);
}

if (findings !== undefined) {
  const { rmSync } = fs;
  const { rm } = fs.promises;
  fs.rmSync = (path, options) => {
    searchFolder(path);
    rmSync(path, options);
  };
  fs.promises.rm = async (path, options) => {
    searchFolder(path);
    await rm(path, options);
  };
  syncBuiltinESMExports();
}
