/** What a part of the tests came to. @typedef {{ passed: number, failed: number, skipped: number }} Tally */

import { readFileSync } from 'node:fs';

/** @param {...Tally} tallies @returns {Tally} */
export function sum(...tallies) {
  return tallies.reduce(
    (total, { passed, failed, skipped }) => ({
      passed: total.passed + passed,
      failed: total.failed + failed,
      skipped: total.skipped + skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

/** @param {Tally} tally */
export const inWords = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

/** One thing that went well or not. @param {number} exitCode @returns {Tally} */
export const single = (exitCode) =>
  exitCode === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };

/**
 * A runner that fails without naming a test (a file that does not load, a broken set-up) counts as one failure.
 * @param {number} exitCode @param {Tally} tally @returns {Tally}
 */
function withExitCode(exitCode, tally) {
  return exitCode !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}

/** @param {string} file @param {number} exitCode */
export function readVitest(file, exitCode) {
  const report = readJson(file);
  return withExitCode(exitCode, {
    passed: report?.numPassedTests ?? 0,
    failed: report?.numFailedTests ?? 0,
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
  });
}

/** A test that passes only the second time has failed. @param {string} file @param {number} exitCode */
export function readPlaywright(file, exitCode) {
  const stats = readJson(file)?.stats;
  return withExitCode(exitCode, {
    passed: stats?.expected ?? 0,
    failed: (stats?.unexpected ?? 0) + (stats?.flaky ?? 0),
    skipped: stats?.skipped ?? 0,
  });
}

/** @param {string} file */
function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}
