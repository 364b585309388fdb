import { toNanoseconds } from './clock.js';
import { EngineError } from './engine-error.js';
import type { StoredLine } from './log-store.js';
import { isTrue } from './router.js';

export type WantedLines = {
  readonly hasStdout: boolean;
  readonly hasStderr: boolean;
  readonly hasTimestamps: boolean;
  readonly since: bigint;
  readonly until: bigint | null;
  readonly tail: number | null;
};

export function parseLogQuery(query: URLSearchParams): WantedLines {
  const hasStdout = isTrue(query.get('stdout'));
  const hasStderr = isTrue(query.get('stderr'));
  if (!hasStdout && !hasStderr) {
    throw new EngineError(400, 'Bad parameters: you must choose at least one stream');
  }
  const tail = query.get('tail') || 'all';
  return {
    hasStdout,
    hasStderr,
    hasTimestamps: isTrue(query.get('timestamps')),
    since: moment(query.get('since')) ?? 0n,
    until: moment(query.get('until')),
    tail: /^\d+$/.test(tail) ? Number(tail) : null,
  };
}

/** The tail is cut first and the moment looked at afterwards, as the real engine does. */
export function tailOf(lines: readonly StoredLine[], { tail }: WantedLines): readonly StoredLine[] {
  return tail === null ? lines : lines.slice(lines.length - Math.min(tail, lines.length));
}

function moment(asked: string | null): bigint | null {
  if (asked === null || asked === '' || asked === '0') {
    return null;
  }
  const at = toNanoseconds(asked);
  if (at === null) {
    throw new EngineError(400, `failed to parse "${asked}" as a time`);
  }
  return at;
}

export function isAskedFor(line: StoredLine, wanted: WantedLines): boolean {
  const at = toNanoseconds(line.at) ?? 0n;
  const isStream = line.stream === 'stdout' ? wanted.hasStdout : wanted.hasStderr;
  return isStream && at >= wanted.since && (wanted.until === null || at <= wanted.until);
}

export type FrameOptions = {
  readonly hasTimestamps: boolean;
  readonly isRaw: boolean;
  /** Whose line it is, `key=value,key=value`; stands before the text. */
  readonly details?: string;
};

/** Eight bytes before each piece: the stream, three zeros, the length. Without them for a terminal. */
export function frame(
  line: StoredLine,
  { hasTimestamps, details = '', isRaw }: FrameOptions,
): Buffer {
  const moment = hasTimestamps ? `${line.at} ` : '';
  const about = details === '' ? '' : `${details} `;
  const body = Buffer.from(`${moment}${about}${line.text}\n`);
  if (isRaw) {
    return body;
  }
  const header = Buffer.alloc(8);
  header.writeUInt8(line.stream === 'stdout' ? 1 : 2, 0);
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}
