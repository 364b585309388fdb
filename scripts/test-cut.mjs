/** `npm run test:cut [-- --runs N --seed N --from SECONDS --to SECONDS --beside MACHINES]`: cuts lines in the middle of rollbacks. */
import { ensureReady } from './lib/command-line.mjs';
import { anySeed, readNumberOptions } from './lib/number-options.mjs';
import { inCheckout } from './lib/places.mjs';
import { installPackages, isDebian, missingPackages } from './lib/system-packages.mjs';
import { inWords } from './lib/tally.mjs';
import { runMain, say } from './lib/terminal.mjs';
import { isLabUp, labDown, labUp } from '../test/lab/lab.mjs';

const isCi = process.env['CI'] === 'true';
const usual = { runs: isCi ? 10 : 50, from: isCi ? 0.5 : 1, to: isCi ? 3 : 20, beside: 2 };

await runMain(async () => {
  const options = readOptions();
  if (isDebian) {
    await installPackages(missingPackages(['runtime', 'docker', 'ssh', 'hosts']));
  }
  const electron = await ensureReady();
  const wasUp = isLabUp();
  const { socket } = await labUp(say);
  try {
    const { runCutTest } = await import('../test/cut/cut-test.mjs');
    const engine = { electron, cli: inCheckout('out/main/cli.cjs') };
    const resultFile = inCheckout('test-results', 'cut.json');
    const tally = await runCutTest({ engine, socket, resultFile, say, ...options });
    console.log(inWords(tally));
    return tally.failed === 0 ? 0 : 1;
  } finally {
    if (!wasUp) {
      await labDown();
    }
  }
});

function readOptions() {
  const { runs, seed, from, to, beside } = readNumberOptions(
    'npm run test:cut [-- --runs N --seed N --from SECONDS --to SECONDS --beside MACHINES]',
    { runs: 'whole', seed: 'whole', from: 'any', to: 'any', beside: 'whole' },
  );
  return {
    runs: runs ?? usual.runs,
    seed: seed ?? anySeed(),
    from: from ?? usual.from,
    to: to ?? usual.to,
    beside: beside ?? usual.beside,
  };
}
