/** `npm run test:kill [-- --times N --seed N]`: kills the engine in the middle of rollbacks; 100 times, 20 with CI=true. */
import { ensureReady } from './lib/command-line.mjs';
import { runKill } from './lib/kill.mjs';
import { readNumberOptions } from './lib/number-options.mjs';
import { installPackages, isDebian, missingPackages } from './lib/system-packages.mjs';
import { inWords } from './lib/tally.mjs';
import { runMain, say } from './lib/terminal.mjs';
import { isLabUp, labDown, labUp } from '../test/lab/lab.mjs';

await runMain(async () => {
  const options = readOptions();
  if (isDebian) {
    await installPackages(missingPackages(['runtime', 'docker', 'ssh', 'hosts']));
  }
  const runtime = await ensureReady();
  const wasUp = isLabUp();
  const lab = await labUp(say);
  try {
    const tally = await runKill({ runtime, lab, ...options });
    console.log(inWords(tally));
    return tally.failed === 0 ? 0 : 1;
  } finally {
    if (!wasUp) {
      await labDown();
    }
  }
});

function readOptions() {
  const usage = 'npm run test:kill [-- --times N --seed N]';
  const { times, seed } = readNumberOptions(usage, { times: 'whole', seed: 'whole' });
  const usual = process.env['CI'] === 'true' ? 20 : 100;
  return { times: times ?? usual, ...(seed === null ? {} : { seed }) };
}
