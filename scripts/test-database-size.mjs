/**
 * `npm run test:database-size [-- --rows N]`: the procedures of a database there and back, by the command line and in the window,
 * with about 1 kB for each row: 1050000, unless told otherwise, make 1 GB.
 */
import { ensureReady } from './lib/command-line.mjs';
import { runEndToEnd } from './lib/e2e.mjs';
import { readNumberOptions } from './lib/number-options.mjs';
import { installPackages, isDebian, missingPackages } from './lib/system-packages.mjs';
import { inWords, sum } from './lib/tally.mjs';
import { runMain, say } from './lib/terminal.mjs';
import { runVitest } from './lib/vitest.mjs';
import { isLabUp, labDown, labEnvironment, labUp } from '../test/lab/lab.mjs';

const usualRows = 1_050_000;

await runMain(async () => {
  const { rows } = readNumberOptions('npm run test:database-size [-- --rows N]', {
    rows: 'whole',
  });
  if (isDebian) {
    await installPackages(
      missingPackages(['runtime', 'display', 'docker', 'ssh', 'hosts', 'postgres']),
    );
  }
  const runtime = await ensureReady();
  const wasUp = isLabUp();
  const lab = await labUp(say);
  try {
    const env = { ...labEnvironment(lab), LASTGOOD_TEST_DATABASE_ROWS: String(rows ?? usualRows) };
    const files = ['test/integration/database/whole-procedures.spec.ts'];
    const byCommandLine = await runVitest(['integration'], { runtime, env, files });
    const inWindow = await runEndToEnd(runtime, env, ['database.spec']);
    say(`command line: ${inWords(byCommandLine)}\nwindow: ${inWords(inWindow)}`);
    const total = sum(byCommandLine, inWindow);
    console.log(inWords(total));
    return total.failed + total.skipped === 0 && total.passed > 0 ? 0 : 1;
  } finally {
    if (!wasUp) {
      await labDown();
    }
  }
});
