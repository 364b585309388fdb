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
  const { times, seed } = readArguments();
  const usual = process.env['CI'] === 'true' ? 20 : 100;
  return { times: times ?? usual, ...(seed === null ? {} : { seed }) };
}

/** @returns {{ times: number | null, seed: number | null }} */
function readArguments() {
  try {
    const { values } = parseArgs({
      options: { times: { type: 'string' }, seed: { type: 'string' } },
    });
    return { times: whole(values.times), seed: whole(values.seed) };
  } catch {
    throw new Stop('npm run test:kill [-- --times N --seed N]', 2);
  }
}

/** @param {string | undefined} text */
function whole(text) {
  const number = Number(text);
  if (text !== undefined && (!Number.isSafeInteger(number) || number < 1)) {
    throw new Error('Not a whole number.');
  }
  return text === undefined ? null : number;
}
