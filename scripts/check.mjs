/** `npm run check`: format, types, lint and guards. */
import { runChecks } from './lib/checks.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { inWords } from './lib/tally.mjs';
import { runMain } from './lib/terminal.mjs';

await runMain(async () => {
  await ensureInstalled();
  const tally = await runChecks();
  console.log(inWords(tally));
  return tally.failed === 0 ? 0 : 1;
});
