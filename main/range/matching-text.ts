import { AppError } from '../../shared/errors/app-error.js';

/**
 * A short text that a regular expression accepts. Knows literals, classes, groups, alternatives and repeats; looks
 * ahead or back, or names an earlier group, and it gives up with RANGE_RUNBOOK_UNFIT rather than guess.
 */
export function matchingText(source: string): string {
  const reader = { source, at: 0 };
  const text = readAlternatives(reader);
  if (reader.at < source.length || !accepts(source, text)) {
    throw unfit(source);
  }
  return text;
}

function accepts(source: string, text: string): boolean {
  try {
    return new RegExp(source).test(text);
  } catch {
    return false;
  }
}

type Reader = { readonly source: string; at: number };

function readAlternatives(reader: Reader): string {
  const first = readSequence(reader);
  while (reader.source[reader.at] === '|') {
    reader.at += 1;
    readSequence(reader);
  }
  return first;
}

function readSequence(reader: Reader): string {
  let text = '';
  while (reader.at < reader.source.length && !'|)'.includes(reader.source[reader.at] ?? '')) {
    const atom = readAtom(reader);
    text += atom.repeat(readCount(reader));
  }
  return text;
}

function readAtom(reader: Reader): string {
  const character = reader.source[reader.at] ?? '';
  reader.at += 1;
  switch (character) {
    case '(':
      return readGroup(reader);
    case '[':
      return readClass(reader);
    case '\\':
      return readEscape(reader);
    case '.':
      return ' ';
    case '^':
    case '$':
      return '';
    default:
      return character;
  }
}

function readGroup(reader: Reader): string {
  const opening = /^\?(?::|<[A-Za-z_$][\w$]*>)/.exec(reader.source.slice(reader.at));
  if (opening !== null) {
    reader.at += opening[0].length;
  } else if (reader.source[reader.at] === '?') {
    throw unfit(reader.source);
  }
  const text = readAlternatives(reader);
  if (reader.source[reader.at] !== ')') {
    throw unfit(reader.source);
  }
  reader.at += 1;
  return text;
}

const CANDIDATES = Array.from('axAX059 _-.:/=,;#*+%&!?@~"\'()[]{}<>|$^\\\t');

/** The first ordinary character that the class itself accepts. */
function readClass(reader: Reader): string {
  const start = reader.at - 1;
  while (reader.at < reader.source.length && reader.source[reader.at] !== ']') {
    reader.at += reader.source[reader.at] === '\\' ? 2 : 1;
  }
  reader.at += 1;
  const body = reader.source.slice(start, reader.at);
  const own = body.slice(1, -1).replace(/^\^/, '')[0] ?? '';
  const found = [own, ...CANDIDATES].find((candidate) => accepts(`^${body}$`, candidate));
  if (found === undefined) {
    throw unfit(reader.source);
  }
  return found;
}

const ESCAPES: Readonly<Record<string, string>> = {
  d: '7',
  D: 'x',
  w: 'x',
  W: ' ',
  s: ' ',
  S: 'x',
  b: '',
  B: '',
  t: '\t',
};

function readEscape(reader: Reader): string {
  const character = reader.source[reader.at] ?? '';
  reader.at += 1;
  const known = ESCAPES[character];
  if (known !== undefined) {
    return known;
  }
  if (/[0-9A-Za-z]/.test(character)) {
    throw unfit(reader.source);
  }
  return character;
}

/** How often the piece before is needed: once where none would do, so that the text says something. */
function readCount(reader: Reader): number {
  const repeat = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/.exec(reader.source.slice(reader.at));
  if (repeat === null) {
    return 1;
  }
  reader.at += repeat[0].length;
  return Math.min(Number(repeat[1] ?? '1'), 200);
}

function unfit(source: string): AppError {
  return new AppError(
    'RANGE_RUNBOOK_UNFIT',
    `The range cannot make up a log line that matches /${source}/; a simpler expression would do.`,
  );
}
