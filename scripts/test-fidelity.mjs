/** `npm run test:fidelity [-- --runs N --seed N --smallest]`: replaces containers with random combinations of settings on a real engine. */
import { parseArgs } from 'node:util';
import { ensureInstalled } from './lib/install.mjs';
import { ensureUsableRuntime } from './lib/runtime-ready.mjs';
import { installPackages, isDebian, missingPackages } from './lib/system-packages.mjs';
import { inWords } from './lib/tally.mjs';
import { runMain, say, Stop } from './lib/terminal.mjs';
import { runVitest } from './lib/vitest.mjs';
import { isLabUp, labDown, labEnvironment, labUp } from '../test/lab/lab.mjs';

await runMain(async () => {
  const { runs, seed, smallest } = readOptions();
  await ensureInstalled();
  if (isDebian) {
    await installPackages(missingPackages(['runtime', 'docker']));
  }
  const runtime = await ensureUsableRuntime();
  const wasUp = isLabUp();
  const lab = await labUp(say);
  try {
    say(`${runs} combinations, seed ${seed}.`);
    const env = {
      ...labEnvironment(lab),
      LASTGOOD_FIDELITY_RUNS: String(runs),
      LASTGOOD_FIDELITY_SEED: String(seed),
      ...(smallest ? { LASTGOOD_FIDELITY_SMALLEST: '1' } : {}),
    };
    const files = ['test/integration/random-settings.real.spec.ts'];
    const tally = await runVitest(['integration'], { runtime, env, files });
    console.log(inWords(tally));
    return tally.failed === 0 ? 0 : 1;
  } finally {
    if (!wasUp) {
      await labDown();
    }
  }
});

function readOptions() {
  const usage = 'npm run test:fidelity [-- --runs N --seed N --smallest]';
  try {
    const text = { type: /** @type {const} */ ('string') };
    const { values } = parseArgs({
      options: { runs: text, seed: text, smallest: { type: 'boolean', default: false } },
    });
    return {
      runs: whole(values.runs ?? '200', usage),
      seed: whole(values.seed ?? String(Math.ceil(Math.random() * 1_000_000)), usage),
      smallest: values.smallest,
    };
  } catch {
    throw new Stop(usage, 2);
  }
}

/** @param {string} text @param {string} usage */
function whole(text, usage) {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number <= 0) {
    throw new Stop(usage, 2);
  }
  return number;
}
