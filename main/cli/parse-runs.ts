import { parseArgs } from 'node:util';
import type { NotRun } from './parsing.js';

export type RunsArguments = { readonly isJson: boolean };

const help = `lastgood runs: list the runs in the data folder, newest first. Reads only.

  --json               print one JSON object on standard output
  --help               print this text

Each run with its id, kind, service, environment, phase or outcome, start, steps with an unknown outcome, and who
drives it. Exit code 0; 2: the arguments make no sense.
`;

export function parseRuns(
  args: readonly string[],
): NotRun | { readonly type: 'runs'; readonly runs: RunsArguments } {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    allowPositionals: false,
    options: {
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return values.help
    ? { type: 'help', text: help }
    : { type: 'runs', runs: { isJson: values.json } };
}
