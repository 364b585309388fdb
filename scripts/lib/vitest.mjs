import { rmSync } from 'node:fs';
import { runChild } from './child.mjs';
import { inCheckout } from './places.mjs';
import { readVitest } from './tally.mjs';

/**
 * Runs projects of vitest.config.ts and counts.
 * @param {readonly string[]} projects
 * @param {{ runtime?: string | null, env?: NodeJS.ProcessEnv, files?: readonly string[] }} [options] `runtime`: the Electron program, run as Node;
 *   `files`: only these
 */
export async function runVitest(projects, { runtime = null, env = {}, files = [] } = {}) {
  const report = inCheckout('test-results', `${projects.join('-')}.json`);
  rmSync(report, { force: true });
  const { exitCode } = await runChild(
    runtime ?? process.execPath,
    [
      inCheckout('node_modules/vitest/vitest.mjs'),
      'run',
      ...files,
      ...projects.map((name) => `--project=${name}`),
      '--passWithNoTests',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    { env: { ...process.env, ...env, ...(runtime === null ? {} : { ELECTRON_RUN_AS_NODE: '1' }) } },
  );
  return readVitest(report, exitCode);
}
