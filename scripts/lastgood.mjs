/** `npm run --silent lastgood -- drill --yes --json`: stdout holds only what the command prints. */
import { ensureReady, runCommandLine } from './lib/command-line.mjs';
import { runMain } from './lib/terminal.mjs';

await runMain(async () => {
  const program = await ensureReady();
  const { exitCode } = await runCommandLine(program, process.argv.slice(2));
  return exitCode;
});
