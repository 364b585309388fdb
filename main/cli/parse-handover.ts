import { parseArgs } from 'node:util';
import { bad, oneRun } from './parsing.js';
import type { NotRun } from './parsing.js';

export type HandoverArguments =
  | {
      readonly verb: 'hand-over';
      readonly run: string;
      readonly to: string;
      readonly out: string;
      readonly isJson: boolean;
    }
  | {
      readonly verb: 'give-back';
      readonly run: string;
      readonly out: string;
      readonly isJson: boolean;
    }
  | { readonly verb: 'take-over'; readonly file: string; readonly isJson: boolean }
  | { readonly verb: 'take-back'; readonly run: string; readonly isJson: boolean };

type ParsedHandover = NotRun | { readonly type: 'handover'; readonly handover: HandoverArguments };

const handOverHelp = `lastgood hand-over RUN --to NAME --out FILE: write a run in progress to one file, for another console.

  RUN                  the id of the run, or the beginning of it (see lastgood runs)
  --to NAME            who takes it over
  --out FILE           where the file is to lie; one of that name is replaced
  --json               print one JSON object on standard output
  --help               print this text

From then on the run is only read here. The file holds the journal: no secrets of the service, but every name and note.
Exit code 0: handed over. 1: it was not, and why. 2: the arguments make no sense.
`;

const giveBackHelp = `lastgood give-back RUN --out FILE: write the journal of a closed run, for the console it came from.

  RUN                  the id of the run, or the beginning of it (see lastgood runs)
  --out FILE           where the file is to lie; one of that name is replaced
  --json               print one JSON object on standard output
  --help               print this text

There, lastgood take-over FILE puts it in the place of the run that was handed over. Nothing is recorded here.
Exit code 0: written. 1: it was not, and why. 2: the arguments make no sense.
`;

const takeOverHelp = `lastgood take-over FILE: take a run up that another console handed over. Looks, changes nothing.

  FILE                 the file that hand-over wrote, or give-back for a run that was closed elsewhere
  --json               print one JSON object on standard output
  --help               print this text

A file that came from this very data folder takes the run back. Go on with lastgood resume, or in the window. The
journal of a run that was handed over here and closed elsewhere takes the place of ours, where it goes on from it.
Exit code 0: taken over or back. 1: it was not, and why. 2: the arguments make no sense.
`;

const takeBackHelp = `lastgood take-back RUN: go on here with a run that was handed over, without its file.

  RUN                  the id of the run, or the beginning of it (see lastgood runs)
  --json               print one JSON object on standard output
  --help               print this text

Do it only when nobody goes on with the file: two consoles would drive the same service.
Exit code 0: taken back. 1: it was not, and why. 2: the arguments make no sense.
`;

const common = {
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export function parseHandOver(args: readonly string[]): ParsedHandover {
  const { values, positionals } = parseArgs({
    args: [...args],
    strict: true,
    allowPositionals: true,
    options: { ...common, to: { type: 'string' }, out: { type: 'string' } },
  });
  if (values.help) {
    return { type: 'help', text: handOverHelp };
  }
  const run = oneRun(positionals);
  if (typeof run !== 'string') {
    return run;
  }
  const to = values.to?.trim() ?? '';
  const out = values.out ?? '';
  if (to === '' || to.length > 200 || out === '') {
    return bad('Write lastgood hand-over RUN --to NAME --out FILE.');
  }
  return { type: 'handover', handover: { verb: 'hand-over', run, to, out, isJson: values.json } };
}

export function parseGiveBack(args: readonly string[]): ParsedHandover {
  const { values, positionals } = parseArgs({
    args: [...args],
    strict: true,
    allowPositionals: true,
    options: { ...common, out: { type: 'string' } },
  });
  if (values.help) {
    return { type: 'help', text: giveBackHelp };
  }
  const run = oneRun(positionals);
  if (typeof run !== 'string') {
    return run;
  }
  const out = values.out ?? '';
  return out === ''
    ? bad('Write lastgood give-back RUN --out FILE.')
    : { type: 'handover', handover: { verb: 'give-back', run, out, isJson: values.json } };
}

export function parseTakeOver(args: readonly string[]): ParsedHandover {
  const { values, positionals } = parseArgs({
    args: [...args],
    strict: true,
    allowPositionals: true,
    options: common,
  });
  if (values.help) {
    return { type: 'help', text: takeOverHelp };
  }
  const [file, more] = positionals;
  if (file === undefined || more !== undefined) {
    return bad('Write lastgood take-over FILE.');
  }
  return { type: 'handover', handover: { verb: 'take-over', file, isJson: values.json } };
}

export function parseTakeBack(args: readonly string[]): ParsedHandover {
  const { values, positionals } = parseArgs({
    args: [...args],
    strict: true,
    allowPositionals: true,
    options: common,
  });
  if (values.help) {
    return { type: 'help', text: takeBackHelp };
  }
  const run = oneRun(positionals);
  return typeof run === 'string'
    ? { type: 'handover', handover: { verb: 'take-back', run, isJson: values.json } }
    : run;
}
