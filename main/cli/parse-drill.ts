import { parseArgs } from 'node:util';
import { RegistryTag } from '../../shared/runbook/registry-place.js';
import { bad, parseLength } from './parsing.js';
import type { NotRun } from './parsing.js';
import { hostHelp, hostOptions, readHostOptions } from './host-options.js';
import type { HostOptions } from './host-options.js';

export type DrillArguments = HostOptions & {
  readonly runbook: string | null;
  readonly environment: string;
  /** Null: the first that the environment has everything for. */
  readonly procedure: string | null;
  readonly to: string | null;
  /** The version is asked for in its registry. */
  readonly isFromRegistry: boolean;
  readonly watchSeconds: number | null;
  readonly out: string | null;
  readonly faults: readonly string[];
  readonly isYes: boolean;
  readonly isJson: boolean;
};

const help = `lastgood drill: run a rollback drill without a window, with the engine the window uses.

  --runbook FILE       a runbook file, or the id of one Lastgood knows (default: tradewizard-monitor)
  --environment NAME   where to drill (default: practice, the built-in range)
  --procedure ID       which procedure of the runbook (default: the first one possible there)
  --to VERSION         the version to go back to (default: the newest one older than what serves)
  --from-registry      ask the registry for the tag that --to names, with the login of your own Docker configuration
  --watch LENGTH       how long to watch afterwards: 5s, 2m, 1h (default: as the runbook says)
  --out DIR            also copy the reports to this folder
  --fault NAME         inject a fault into the range; may be given several times
${hostHelp}
  --yes                approve every step; without it each one is asked for on the terminal
  --json               print one JSON object on standard output at the end
  --help               print this text

Progress goes to standard error. Exit code 0: the target version serves and its checks and the watch passed.
1: it does not, or something failed. 2: the arguments make no sense.
`;

export function parseDrill(
  args: readonly string[],
): NotRun | { readonly type: 'drill'; readonly drill: DrillArguments } {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    allowPositionals: false,
    options: {
      runbook: { type: 'string' },
      environment: { type: 'string', default: 'practice' },
      procedure: { type: 'string' },
      to: { type: 'string' },
      'from-registry': { type: 'boolean', default: false },
      watch: { type: 'string' },
      out: { type: 'string' },
      fault: { type: 'string', multiple: true, default: [] },
      yes: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      ...hostOptions,
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    return { type: 'help', text: help };
  }
  const watchSeconds = values.watch === undefined ? null : parseLength(values.watch);
  if (Number.isNaN(watchSeconds)) {
    return bad(`--watch ${values.watch ?? ''} is not a length of time. Write 5s, 2m or 1h.`);
  }
  const isFromRegistry = values['from-registry'];
  if (isFromRegistry && !RegistryTag.safeParse(values.to).success) {
    return bad('--from-registry needs a tag: write --to TAG beside it.');
  }
  const hosts = readHostOptions(values);
  if ('type' in hosts) {
    return hosts;
  }
  return {
    type: 'drill',
    drill: {
      ...hosts,
      runbook: values.runbook ?? null,
      environment: values.environment,
      procedure: values.procedure ?? null,
      to: values.to ?? null,
      isFromRegistry,
      watchSeconds,
      out: values.out ?? null,
      faults: values.fault,
      isYes: values.yes,
      isJson: values.json,
    },
  };
}
