/** One statement of an SQL text, without what stands around it. */
export type SqlStatement = {
  readonly text: string;
  /** Its words in lower case, without comments and quoted parts: enough to tell what kind it is. */
  readonly words: readonly string[];
};

export type SqlTextFault = 'unterminated' | 'psql-command' | 'copy-from-stdin';

/** Why a text cannot be taken as a list of statements. */
export type SqlText =
  | { readonly statements: readonly SqlStatement[] }
  | { readonly fault: SqlTextFault; readonly near: string };

type Piece = { readonly end: number; readonly kind: 'space' | 'quoted' | 'word' | 'mark' };

/**
 * Takes an SQL text apart where the server would: at semicolons outside of quotes, comments, dollar quotes, brackets and
 * bodies of functions (`BEGIN ATOMIC … END`).
 */
export function readSql(text: string): SqlText {
  const statements: SqlStatement[] = [];
  let start = 0;
  let words: string[] = [];
  let depth = 0;
  let nested = 0;
  for (let at = 0; at < text.length;) {
    const piece = pieceAt(text, at);
    if (piece === null) {
      return { fault: 'unterminated', near: near(text, at) };
    }
    const found = text.slice(at, piece.end);
    if (piece.kind === 'word') {
      words.push(found.toLowerCase());
      nested += bodyStep(words, nested);
    } else if (found === '\\') {
      return { fault: 'psql-command', near: near(text, at) };
    } else if (found === '(' || found === ')') {
      depth = Math.max(0, depth + (found === '(' ? 1 : -1));
    } else if (found === ';' && depth === 0 && nested === 0) {
      push(statements, text.slice(start, at), words);
      start = piece.end;
      words = [];
    }
    at = piece.end;
  }
  push(statements, text.slice(start), words);
  const copy = statements.find((one) => one.words[0] === 'copy' && readsStdin(one.words));
  return copy === undefined
    ? { statements }
    : { fault: 'copy-from-stdin', near: near(copy.text, 0) };
}

function push(statements: SqlStatement[], text: string, words: readonly string[]): void {
  if (words.length > 0) {
    statements.push({ text: text.trim(), words });
  }
}

function readsStdin(words: readonly string[]): boolean {
  const from = words.lastIndexOf('from');
  return from !== -1 && words[from + 1] === 'stdin';
}

/** `BEGIN ATOMIC` opens a body, and what `CASE` and `BEGIN` open in it, `END` closes. Only where a routine is made. */
function bodyStep(words: readonly string[], nested: number): number {
  const isRoutine =
    words[0] === 'create' &&
    words.slice(1, 4).some((word) => word === 'function' || word === 'procedure');
  if (!isRoutine) {
    return 0;
  }
  const last = words.at(-1);
  if (nested === 0) {
    return last === 'atomic' && words.at(-2) === 'begin' ? 1 : 0;
  }
  if (last === 'case' || last === 'begin') {
    return 1;
  }
  return last === 'end' ? -1 : 0;
}

/** The piece that begins there; null where it never ends. */
function pieceAt(text: string, at: number): Piece | null {
  const here = text[at] ?? '';
  const two = text.slice(at, at + 2);
  if (/\s/.test(here)) {
    return { end: at + 1, kind: 'space' };
  }
  if (two === '--') {
    const end = text.indexOf('\n', at);
    return { end: end === -1 ? text.length : end + 1, kind: 'space' };
  }
  if (two === '/*') {
    return ended(commentEnd(text, at), 'space');
  }
  if (here === "'" || here === '"') {
    return ended(quoteEnd(text, at, here, false), 'quoted');
  }
  if (here === '$') {
    const tag = /^\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/.exec(
      text.slice(at, at + 70),
    )?.[0];
    if (tag === undefined) {
      return { end: at + 1, kind: 'mark' };
    }
    const end = text.indexOf(tag, at + tag.length);
    return ended(end === -1 ? null : end + tag.length, 'quoted');
  }
  return wordAt(text, at);
}

function wordAt(text: string, at: number): Piece | null {
  const word = /^[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/.exec(
    text.slice(at, at + 200),
  )?.[0];
  if (word === undefined) {
    return { end: at + 1, kind: 'mark' };
  }
  const end = at + word.length;
  // E'…' is the only string in which a backslash takes the quote behind it along.
  return word.toLowerCase() === 'e' && text[end] === "'"
    ? ended(quoteEnd(text, end, "'", true), 'quoted')
    : { end, kind: 'word' };
}

function ended(end: number | null, kind: Piece['kind']): Piece | null {
  return end === null ? null : { end, kind };
}

function quoteEnd(text: string, at: number, quote: string, hasEscapes: boolean): number | null {
  for (let next = at + 1; next < text.length; next += 1) {
    const here = text[next];
    if (hasEscapes && here === '\\') {
      next += 1;
    } else if (here === quote) {
      if (text[next + 1] !== quote) {
        return next + 1;
      }
      next += 1;
    }
  }
  return null;
}

/** Comments of this kind stand in each other. */
function commentEnd(text: string, at: number): number | null {
  let depth = 0;
  for (let next = at; next < text.length; next += 1) {
    const two = text.slice(next, next + 2);
    if (two === '/*') {
      depth += 1;
      next += 1;
    } else if (two === '*/') {
      depth -= 1;
      next += 1;
      if (depth === 0) {
        return next + 1;
      }
    }
  }
  return null;
}

const near = (text: string, at: number): string =>
  text
    .slice(at, at + 60)
    .split('\n')[0]
    ?.trim() ?? '';
