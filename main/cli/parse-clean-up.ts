import { parseArgs } from 'node:util';
import { hostHelp, hostOptions, readHostOptions } from './host-options.js';
import type { HostOptions } from './host-options.js';
import { bad, oneRun } from './parsing.js';
import type { NotRun } from './parsing.js';

export type CleanUpArguments = HostOptions & {
  /** The id of the run or the beginning of it. */
  readonly run: string;
  /** Null: only show what there is. */
  readonly removal: { readonly names: readonly string[]; readonly typed: string } | null;
  readonly isJson: boolean;
};

const help = `lastgood clean-up RUN: remove the container that a closed run has kept, and images of the service that no
container uses. Without --yes it only shows what there is, and what removing it would lose.

  RUN                  the id of the run, or the beginning of it (see lastgood runs)
  --dry-run            only show
  --remove NAME        what is to go, as the list names it; may be given several times
  --yes                do it
  --type-host NAME     the environment's name, typed by you: what is removed cannot be brought back
${hostHelp}
  --json               print one JSON object on standard output
  --help               print this text

Refused while a run of the service is open there: what is kept may be its way back. Volumes are never removed.
Exit code 0: shown, or removed. 1: it was not, and why. 2: the arguments make no sense.
`;

export function parseCleanUp(
  args: readonly string[],
): NotRun | { readonly type: 'clean-up'; readonly cleanUp: CleanUpArguments } {
  const { values, positionals } = parseArgs({
    args: [...args],
    strict: true,
    allowPositionals: true,
    options: {
      'dry-run': { type: 'boolean', default: false },
      remove: { type: 'string', multiple: true, default: [] },
      yes: { type: 'boolean', default: false },
      'type-host': { type: 'string' },
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
  const hosts = readHostOptions(values);
  if ('type' in hosts) {
    return hosts;
  }
  const isRemoval = values.yes && !values['dry-run'];
  const { remove: names, 'type-host': typed } = values;
  if (isRemoval && (names.length === 0 || typed === undefined)) {
    return bad('--yes needs --remove NAME and --type-host with the name of the environment.');
  }
  const removal = isRemoval ? { names, typed: typed ?? '' } : null;
  return { type: 'clean-up', cleanUp: { ...hosts, run, removal, isJson: values.json } };
}
