/** `npm run test:cut [-- --runs N --seed N --from SECONDS --to SECONDS --beside MACHINES]`: cuts lines in the middle of rollbacks. */
import { parseArgs } from 'node:util';
import { ensureReady } from './lib/command-line.mjs';
import { inCheckout } from './lib/places.mjs';
import { installPackages, isDebian, missingPackages } from './lib/system-packages.mjs';
import { inWords } from './lib/tally.mjs';
import { runMain, say, Stop } from './lib/terminal.mjs';
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
  try {
    const text = { type: /** @type {const} */ ('string') };
    const { values } = parseArgs({
      options: { runs: text, seed: text, from: text, to: text, beside: text },
    });
    return {
      runs: positive(values.runs) ?? usual.runs,
      seed: positive(values.seed) ?? Math.ceil(Math.random() * 1_000_000),
      from: positive(values.from) ?? usual.from,
      to: positive(values.to) ?? usual.to,
      beside: positive(values.beside) ?? usual.beside,
    };
  } catch {
    throw new Stop('npm run test:cut [-- --runs N --seed N --from SECONDS --to SECONDS]', 2);
  }
}

/** @param {string | undefined} text */
function positive(text) {
  const number = Number(text);
  if (text !== undefined && !(Number.isFinite(number) && number > 0)) {
    throw new Error('Not a number above nothing.');
  }
  return text === undefined ? null : number;
}
