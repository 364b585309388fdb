import { parseArgs } from 'node:util';

export type DrillArguments = {
  readonly runbook: string | null;
  readonly environment: string;
  readonly procedure: string;
  readonly to: string | null;
  readonly watchSeconds: number | null;
  readonly out: string | null;
  readonly faults: readonly string[];
  readonly isYes: boolean;
  readonly isJson: boolean;
};

export type Parsed =
  | { readonly type: 'help'; readonly text: string }
  | { readonly type: 'version' }
  | { readonly type: 'bad'; readonly message: string }
  | { readonly type: 'drill'; readonly drill: DrillArguments };

const mainHelp = `Lastgood from the command line.

  lastgood drill [options]   run a rollback drill without a window
  lastgood --version         print the version
  lastgood --help            print this text
  lastgood drill --help      explain every option of drill
`;

const drillHelp = `lastgood drill: run a rollback drill without a window, with the engine the window uses.

  --runbook FILE       a runbook file, or the id of one Lastgood knows (default: tradewizard-monitor)
  --environment NAME   where to drill (default: practice, the built-in range)
  --procedure ID       which procedure of the runbook (default: docker)
  --to VERSION         the version to go back to (default: the newest one older than what serves)
  --watch LENGTH       how long to watch afterwards: 5s, 2m, 1h (default: as the runbook says)
  --out DIR            also copy the reports to this folder
  --fault NAME         inject a fault into the range; may be given several times
  --yes                approve every step; without it each one is asked for on the terminal
  --json               print one JSON object on standard output at the end
  --help               print this text

Progress goes to standard error. Exit code 0: the target version serves and its checks and the watch passed.
1: it does not, or something failed. 2: the arguments make no sense.
`;

/** Turns the command line into what is wanted. Never guesses: what is not understood is said. */
export function parseCommandLine(argv: readonly string[]): Parsed {
  const [command, ...rest] = argv;
  if (command === '--version') {
    return { type: 'version' };
  }
  if (command === undefined || command === '--help' || command === '-h' || command === 'help') {
    return { type: 'help', text: mainHelp };
  }
  if (command !== 'drill') {
    return bad(`There is no command “${command}”.`);
  }
  try {
    return parseDrill(rest);
  } catch (thrown) {
    return bad(thrown instanceof Error ? thrown.message : 'The arguments make no sense.');
  }
}

function parseDrill(args: readonly string[]): Parsed {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    allowPositionals: false,
    options: {
      runbook: { type: 'string' },
      environment: { type: 'string', default: 'practice' },
      procedure: { type: 'string', default: 'docker' },
      to: { type: 'string' },
      watch: { type: 'string' },
      out: { type: 'string' },
      fault: { type: 'string', multiple: true, default: [] },
      yes: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    return { type: 'help', text: drillHelp };
  }
  const watchSeconds = values.watch === undefined ? null : parseLength(values.watch);
  if (Number.isNaN(watchSeconds)) {
    return bad(`--watch ${values.watch ?? ''} is not a length of time. Write 5s, 2m or 1h.`);
  }
  return {
    type: 'drill',
    drill: {
      runbook: values.runbook ?? null,
      environment: values.environment,
      procedure: values.procedure,
      to: values.to ?? null,
      watchSeconds,
      out: values.out ?? null,
      faults: values.fault,
      isYes: values.yes,
      isJson: values.json,
    },
  };
}

function bad(message: string): Parsed {
  return { type: 'bad', message: `${message} See lastgood --help.` };
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 };
const DAY_SECONDS = 86_400;

/** Seconds, or NaN for what is not a length between half a second and a day. */
export function parseLength(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(s|m|h)$/.exec(text);
  const seconds = Number(match?.[1]) * (unitSeconds[match?.[2] ?? ''] ?? Number.NaN);
  return seconds >= 0.5 && seconds <= DAY_SECONDS ? seconds : Number.NaN;
}
