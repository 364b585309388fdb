import { parseArgs } from 'node:util';
import { bad, oneRun, parseLength } from './parsing.js';
import type { NotRun } from './parsing.js';
import { hostHelp, hostOptions, readHostOptions } from './host-options.js';
import type { HostOptions } from './host-options.js';
import type { DriverOptions } from './run-driver.js';

export type SettleAs = 'done' | 'not-done' | 'by-hand';

export type ResumeArguments = DriverOptions &
  HostOptions & {
    /** The id of the run or the beginning of it. */
    readonly run: string;
    /** What the operator says of steps with an unknown outcome, by step id. */
    readonly settle: ReadonlyMap<string, SettleAs>;
    readonly evidence: string;
    /** Where a drill goes back to that ended before it had chosen. */
    readonly to: string | null;
    readonly watchSeconds: number | null;
    readonly isJson: boolean;
  };

const help = `lastgood resume RUN: continue a run that was left behind.

  RUN                  the id of the run, or the beginning of it (see lastgood runs)
  --settle STEP=WORD   what is true of a step whose outcome is unknown; may be given several times:
                       done, not-done (it is run again), by-hand (with --evidence)
  --evidence TEXT      how you know, or what was done by hand
  --yes                approve the rest, and go on through checks and watch to the close and the reports
  --to VERSION         the version to go back to, for a drill that had not chosen one yet
  --watch LENGTH       how long to watch, where no watch has begun: 5s, 2m, 1h (default: as the runbook says)
  --type-version V     the version to go back to, typed by you, for what cannot be taken back
  --type-host NAME     the environment's name, typed by you, for what cannot be taken back
  --authority NAME     who gave the word, for what needs it
${hostHelp}
  --json               print one JSON object on standard output at the end
  --help               print this text

First it says which outcomes are unknown and what looking at them showed. What is not settled holds the run: the
commands to type are printed and nothing is done. Where a step of a drill fails, everything is taken back, as in
lastgood drill; an incident is left as it is.
Progress goes to standard error. Exit code 0: the target version serves and its checks and the watch passed.
1: it does not, or something is still open. 2: the arguments make no sense.
`;

export function parseResume(
  args: readonly string[],
): NotRun | { readonly type: 'resume'; readonly resume: ResumeArguments } {
  const { values, positionals } = parseArgs({
    args: [...args],
    strict: true,
    allowPositionals: true,
    options: {
      settle: { type: 'string', multiple: true, default: [] },
      evidence: { type: 'string', default: '' },
      yes: { type: 'boolean', default: false },
      to: { type: 'string' },
      watch: { type: 'string' },
      'type-version': { type: 'string' },
      'type-host': { type: 'string' },
      authority: { type: 'string' },
      json: { type: 'boolean', default: false },
      ...hostOptions,
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    return { type: 'help', text: help };
  }
  const run = oneRun(positionals);
  const settle = settlements(values.settle, values.evidence);
  const watchSeconds = values.watch === undefined ? null : parseLength(values.watch);
  if (typeof run !== 'string') {
    return run;
  }
  if ('type' in settle) {
    return settle;
  }
  if (Number.isNaN(watchSeconds)) {
    return bad(`--watch ${values.watch ?? ''} is not a length of time. Write 5s, 2m or 1h.`);
  }
  const typed = typedBy(values['type-version'], values['type-host']);
  if (typed !== null && 'type' in typed) {
    return typed;
  }
  const hosts = readHostOptions(values);
  if ('type' in hosts) {
    return hosts;
  }
  return {
    type: 'resume',
    resume: {
      ...hosts,
      run,
      settle,
      evidence: values.evidence,
      to: values.to ?? null,
      watchSeconds,
      isYes: values.yes,
      isJson: values.json,
      typed,
      authority: values.authority ?? null,
    },
  };
}

function typedBy(
  version: string | undefined,
  host: string | undefined,
): DriverOptions['typed'] | NotRun {
  if ((version === undefined) !== (host === undefined)) {
    return bad('--type-version and --type-host belong together.');
  }
  return version === undefined || host === undefined ? null : { version, host };
}

function settlements(
  texts: readonly string[],
  evidence: string,
): ReadonlyMap<string, SettleAs> | NotRun {
  const settle = new Map<string, SettleAs>();
  for (const text of texts) {
    const [, step, as] = /^([^=]+)=(.*)$/.exec(text) ?? [];
    if (step === undefined || !isSettleAs(as)) {
      return bad(`--settle ${text} is not STEP=done, STEP=not-done or STEP=by-hand.`);
    }
    if (settle.has(step)) {
      return bad(`--settle names ${step} twice.`);
    }
    if (as === 'by-hand' && evidence.trim() === '') {
      return bad(`--settle ${text} needs --evidence: what was done by hand.`);
    }
    settle.set(step, as);
  }
  return settle;
}

function isSettleAs(word: string | undefined): word is SettleAs {
  return word === 'done' || word === 'not-done' || word === 'by-hand';
}
