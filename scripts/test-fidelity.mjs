/** `npm run test:fidelity [-- --runs N --seed N --smallest]`: replaces containers with random combinations of settings on a real engine. */
import { ensureInstalled } from './lib/install.mjs';
import { anySeed, readNumberOptions } from './lib/number-options.mjs';
import { ensureUsableRuntime } from './lib/runtime-ready.mjs';
import { installPackages, isDebian, missingPackages } from './lib/system-packages.mjs';
import { inWords } from './lib/tally.mjs';
import { runMain, say } from './lib/terminal.mjs';
import { runVitest } from './lib/vitest.mjs';
import { isLabUp, labDown, labEnvironment, labUp } from '../test/lab/lab.mjs';

const SMALLEST = '--smallest';

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
  const args = process.argv.slice(2);
  const { runs, seed } = readNumberOptions(
    'npm run test:fidelity [-- --runs N --seed N --smallest]',
    { runs: 'whole', seed: 'whole' },
    args.filter((word) => word !== SMALLEST),
  );
  return { runs: runs ?? 200, seed: seed ?? anySeed(), smallest: args.includes(SMALLEST) };
}
