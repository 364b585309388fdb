import { parseArgs } from 'node:util';
import { bad } from './parsing.js';
import type { NotRun } from './parsing.js';

export type RecordArguments = {
  readonly file: string;
  readonly head: string | null;
  readonly isJson: boolean;
};

const help = `lastgood record verify FILE: check the journal of a run, anywhere, line by line. Reads only.

  --head HASH          the head hash that stands in a report or in a handover file: it must be among the lines
  --json               print one JSON object on standard output
  --help               print this text

Says how many records there are, of which run, from when to when, and the head hash; and where the chain breaks and
why, a last line that was not written to its end, a newer version, a file that is no journal. Exit code 0: it holds
together. 1: it does not. 2: the arguments make no sense, or the file cannot be read.
`;

export function parseRecord(
  args: readonly string[],
): NotRun | { readonly type: 'record'; readonly record: RecordArguments } {
  const { values, positionals } = parseArgs({
    args: [...args],
    strict: true,
    allowPositionals: true,
    options: {
      head: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    return { type: 'help', text: help };
  }
  const [verb, file, more] = positionals;
  if (verb !== 'verify' || file === undefined || more !== undefined) {
    return bad('Write lastgood record verify FILE.');
  }
  const head = values.head?.toLowerCase() ?? null;
  if (head !== null && !/^[0-9a-f]{64}$/.test(head)) {
    return bad('--head takes the whole hash: 64 digits and letters from a to f.');
  }
  return { type: 'record', record: { file, head, isJson: values.json } };
}
