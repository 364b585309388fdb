import { parseArgs } from 'node:util';
import { bad, oneRun } from './parsing.js';
import type { NotRun } from './parsing.js';
import { hostHelp, hostOptions, readHostOptions } from './host-options.js';
import type { HostOptions } from './host-options.js';

export type RollForwardArguments = HostOptions & {
  /** The id of the run or the beginning of it. */
  readonly run: string;
  readonly reason: string;
  readonly isRetry: boolean;
  readonly isYes: boolean;
  readonly isJson: boolean;
};

const help = `lastgood roll-forward RUN: take back everything that a run has changed, newest first, and close it.

  RUN                  the id of the run, or the beginning of it (see lastgood runs)
  --reason TEXT        why, for the journal and the report
  --retry              try once more to take back what could not be taken back
  --yes                do it; without it you are asked on the terminal
${hostHelp}
  --json               print one JSON object on standard output at the end
  --help               print this text

A step whose outcome is unknown is looked at before it is taken back. A step that cannot be taken back holds the rest:
going on by itself could start a service on a half-restored state.
Progress goes to standard error. Exit code 0: everything has been taken back and the run is closed. 1: it has not.
2: the arguments make no sense.
`;

export function parseRollForward(
  args: readonly string[],
): NotRun | { readonly type: 'roll-forward'; readonly rollForward: RollForwardArguments } {
  const { values, positionals } = parseArgs({
    args: [...args],
    strict: true,
    allowPositionals: true,
    options: {
      reason: { type: 'string', default: 'Rolled forward from the command line' },
      retry: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      ...hostOptions,
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    return { type: 'help', text: help };
  }
  const run = oneRun(positionals);
  if (typeof run !== 'string') {
    return run;
  }
  if (values.reason.trim() === '') {
    return bad('--reason says nothing.');
  }
  const hosts = readHostOptions(values);
  if ('type' in hosts) {
    return hosts;
  }
  const { reason, retry: isRetry, yes: isYes, json: isJson } = values;
  return { type: 'roll-forward', rollForward: { ...hosts, run, reason, isRetry, isYes, isJson } };
}
