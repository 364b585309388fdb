/** `npm run test:kill [-- --times N --seed N]`: kills the engine in the middle of rollbacks; 100 times, 20 with CI=true. */
import { parseArgs } from 'node:util';
import { ensureReady } from './lib/command-line.mjs';
import { runKill } from './lib/kill.mjs';
import { installPackages, isDebian, missingPackages } from './lib/system-packages.mjs';
import { inWords } from './lib/tally.mjs';
import { runMain, say, Stop } from './lib/terminal.mjs';
import { isLabUp, labDown, labUp } from '../test/lab/lab.mjs';

await runMain(async () => {
  const options = readOptions();
  if (isDebian) {
    await installPackages(missingPackages(['runtime', 'docker']));
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
  const { values } = parseArgs({
    options: { times: { type: 'string' }, seed: { type: 'string' } },
  });
  const times = whole(values.times ?? (process.env['CI'] === 'true' ? '20' : '100'));
  return { times, ...(values.seed === undefined ? {} : { seed: whole(values.seed) }) };
}

/** @param {string} text */
function whole(text) {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) {
    throw new Stop('npm run test:kill [-- --times N --seed N]', 2);
  }
  return number;
}
