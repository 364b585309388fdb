import { bad } from './parsing.js';
import { parseCleanUp } from './parse-clean-up.js';
import { parseDrill } from './parse-drill.js';
import { parseGiveBack, parseHandOver, parseTakeBack, parseTakeOver } from './parse-handover.js';
import { parseRecord } from './parse-record.js';
import { parseResume } from './parse-resume.js';
import { parseRollForward } from './parse-roll-forward.js';
import { parseRuns } from './parse-runs.js';

const mainHelp = `Lastgood from the command line.

  lastgood drill [options]              run a rollback drill without a window
  lastgood runs [--json]                list the runs, also those that were left behind
  lastgood resume RUN [options]         continue a run that was left behind
  lastgood roll-forward RUN [options]   take back everything that a run has changed
  lastgood record verify FILE           check the journal of a run, anywhere
  lastgood hand-over RUN [options]      write a run in progress to a file for another console
  lastgood give-back RUN --out FILE     write a closed run’s journal for the console it came from
  lastgood take-over FILE               take a run up from such a file
  lastgood take-back RUN                go on here with a run that was handed over
  lastgood clean-up RUN [options]       remove what a closed run has kept
  lastgood --version                    print the version
  lastgood --help                       print this text
  lastgood COMMAND --help               explain every option of a command
`;

/** One file for each command; what it returns names the command in `type`. */
const parsers = {
  drill: parseDrill,
  runs: parseRuns,
  resume: parseResume,
  'roll-forward': parseRollForward,
  record: parseRecord,
  'hand-over': parseHandOver,
  'give-back': parseGiveBack,
  'take-over': parseTakeOver,
  'take-back': parseTakeBack,
  'clean-up': parseCleanUp,
};

export type Parsed =
  { readonly type: 'version' } | ReturnType<(typeof parsers)[keyof typeof parsers]>;

/** Turns the command line into what is wanted. Never guesses: what is not understood is said. */
export function parseCommandLine(argv: readonly string[]): Parsed {
  const [command, ...rest] = argv;
  if (command === '--version') {
    return { type: 'version' };
  }
  if (command === undefined || command === '--help' || command === '-h' || command === 'help') {
    return { type: 'help', text: mainHelp };
  }
  if (!isCommand(command)) {
    return bad(`There is no command “${command}”.`);
  }
  try {
    return parsers[command](rest);
  } catch (thrown) {
    return bad(thrown instanceof Error ? thrown.message : 'The arguments make no sense.');
  }
}

function isCommand(word: string): word is keyof typeof parsers {
  return Object.hasOwn(parsers, word);
}
