import { runChild } from './child.mjs';
import { inCheckout } from './places.mjs';
import { single, sum } from './tally.mjs';
import { say } from './terminal.mjs';
import { runVitest } from './vitest.mjs';

const checks = [
  {
    what: 'format',
    tool: 'node_modules/prettier/bin/prettier.cjs',
    args: ['--check', '--log-level=warn', '.'],
  },
  { what: 'types', tool: 'node_modules/typescript/bin/tsc', args: ['--build'] },
  { what: 'lint', tool: 'node_modules/eslint/bin/eslint.js', args: ['--max-warnings=0', '.'] },
];

/** Format, types, lint, and the proof that each guard refuses a breach. */
export async function runChecks() {
  const tallies = [];
  for (const { what, tool, args } of checks) {
    const { exitCode } = await runChild(process.execPath, [inCheckout(tool), ...args]);
    say(`${what}: ${exitCode === 0 ? 'good' : 'refused'}`);
    tallies.push(single(exitCode));
  }
  return sum(...tallies, await runVitest(['guards']));
}
