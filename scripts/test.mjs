/**
 * `npm test [unit|integration|e2e]`: makes what the tests need, runs them, and ends with one line of counts.
 * With CI=true nothing may be skipped and no part may be empty.
 */
import { mkdirSync } from 'node:fs';
import { ensureBuilt } from './lib/build.mjs';
import { runChecks } from './lib/checks.mjs';
import { runEndToEnd } from './lib/e2e.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { runKill } from './lib/kill.mjs';
import { SecretWatch } from './lib/secret-watch.mjs';
import { isLabUp, labDown, labEnvironment, labUp } from '../test/lab/lab.mjs';
import { inCheckout, isRoot } from './lib/places.mjs';
import { ensureUsableRuntime } from './lib/runtime-ready.mjs';
import {
  installCommand,
  installPackages,
  isDebian,
  missingPackages,
} from './lib/system-packages.mjs';
import { inWords, sum } from './lib/tally.mjs';
import { runMain, say, Stop } from './lib/terminal.mjs';
import { runVitest } from './lib/vitest.mjs';

/** @typedef {'unit' | 'integration' | 'e2e' | 'all'} Wish */

const isCi = process.env['CI'] === 'true';

/** `npm run test:kill` kills more often. */
const KILLS = 20;

await runMain(async () => {
  const wish = readWish(process.argv[2]);
  mkdirSync(inCheckout('test-results'), { recursive: true });
  await ensureInstalled();
  await ensureSystem(wish);
  const runtime = await ensureUsableRuntime();
  const parts = await runParts(wish, runtime);
  return close(parts);
});

/** @param {string | undefined} word @returns {Wish} */
function readWish(word) {
  if (word === undefined) {
    return 'all';
  }
  if (word === 'unit' || word === 'integration' || word === 'e2e') {
    return word;
  }
  throw new Stop('node scripts/test.mjs [unit|integration|e2e]', 2);
}

/** @param {Wish} wish */
async function ensureSystem(wish) {
  if (wish === 'unit' || process.platform !== 'linux') {
    return;
  }
  const missing = isDebian
    ? missingPackages(['runtime', 'display', 'docker', 'podman', 'ssh', 'hosts', 'postgres'])
    : [];
  if (missing.length === 0) {
    return;
  }
  if (isRoot) {
    await installPackages(missing);
  } else if (isCi) {
    throw new Stop(`The tests need more. Please run: ${installCommand(missing)}`);
  } else {
    say(`Not everything the tests need is installed: ${installCommand(missing)}`);
  }
}

/**
 * @typedef {{ name: string, tally: import('./lib/tally.mjs').Tally }} Part
 * @param {Wish} wish
 * @param {string} runtime
 */
async function runParts(wish, runtime) {
  /** @type {Part[]} */
  const parts = [];
  /** @param {string} name @param {() => Promise<import('./lib/tally.mjs').Tally>} work */
  const run = async (name, work) => {
    say(`\n== ${name}`);
    parts.push({ name, tally: await work() });
  };
  const wants = (/** @type {Wish} */ part) => wish === 'all' || wish === part;

  if (wish === 'all') {
    await run('check', runChecks);
  }
  if (wants('unit')) {
    await run('unit', () => runVitest(['unit'], { runtime }));
  }
  if (wish === 'unit') {
    return parts;
  }
  const wasUp = isLabUp();
  const lab = await tryLab();
  const watch = await SecretWatch.start();
  try {
    const env = { ...(lab === null ? {} : labEnvironment(lab)), ...watch.environment };
    if (wants('integration')) {
      await run('contract', () => runVitest(['contract'], { runtime, env }));
      await run('integration', () =>
        withLab(lab, () => runVitest(['integration'], { runtime, env })),
      );
    }
    if (wish === 'all') {
      await ensureBuilt();
      await run('kill', () => withLab(lab, (lab) => runKill({ runtime, lab, times: KILLS })));
    }
    if (wants('e2e')) {
      await ensureBuilt();
      await run('e2e', () => runEndToEnd(runtime, env));
    }
    await run('passwords', () => watch.close(lab, say));
  } finally {
    watch.stop();
    // What was up before us may be in somebody else's use.
    if (!wasUp) {
      await labDown();
    }
  }
  return parts;
}

/** @returns {Promise<import('../test/lab/lab.mjs').Lab | null>} */
async function tryLab() {
  try {
    return await labUp(say);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    if (isCi) {
      throw new Stop(`The test hosts cannot be made. ${why}`);
    }
    say(`The test hosts cannot be made, so what needs them is skipped. ${why}`);
    return null;
  }
}

/**
 * Without its hosts a part is left out, and that is counted.
 * @param {import('../test/lab/lab.mjs').Lab | null} lab
 * @param {(lab: import('../test/lab/lab.mjs').Lab) => Promise<import('./lib/tally.mjs').Tally>} work
 */
async function withLab(lab, work) {
  return lab === null ? { passed: 0, failed: 0, skipped: 1 } : work(lab);
}

/** The closing line stands alone and last. @param {readonly Part[]} parts */
function close(parts) {
  const total = sum(...parts.map(({ tally }) => tally));
  say('');
  for (const { name, tally } of parts) {
    say(`${name}: ${inWords(tally)}`);
  }
  const empty = parts.filter(({ tally }) => tally.passed + tally.failed === 0);
  if (isCi && empty.length > 0) {
    say(`In CI no part may be empty: ${empty.map(({ name }) => name).join(', ')}`);
  }
  if (isCi && total.skipped > 0) {
    say('In CI nothing may be skipped.');
  }
  console.log(inWords(total));
  const isGood = total.failed === 0 && !(isCi && (total.skipped > 0 || empty.length > 0));
  return isGood ? 0 : 1;
}
