import type { ServerResponse } from 'node:http';
import { toNanoseconds } from '../clock.js';
import { EngineError } from '../engine-error.js';
import type { StoredLine } from '../log-store.js';
import { isTrue, route } from '../router.js';
import type { Call, Route } from '../router.js';

export const logRoutes: readonly Route[] = [route('GET', '/containers/{id}/logs', logs)];

type Wanted = {
  readonly hasStdout: boolean;
  readonly hasStderr: boolean;
  readonly hasTimestamps: boolean;
  readonly since: bigint;
  readonly until: bigint | null;
  readonly tail: number | null;
};

function logs({ engine, subject, query, response }: Call): null {
  const container = engine.get(subject);
  const wanted = parse(query);
  const isRaw = container.config.Tty === true;
  const write = (line: StoredLine): void => {
    if (isAskedFor(line, wanted)) {
      response.write(frame(line, wanted.hasTimestamps, isRaw));
    }
  };
  response.writeHead(200, {
    'content-type': isRaw
      ? 'application/vnd.docker.raw-stream'
      : 'application/vnd.docker.multiplexed-stream',
  });
  response.flushHeaders();
  // The tail is cut first and the moment looked at afterwards, as the real engine does.
  const all = engine.parts.logs.read(container.id);
  (wanted.tail === null ? all : all.slice(all.length - Math.min(wanted.tail, all.length))).forEach(
    write,
  );
  if (!isTrue(query.get('follow')) || container.state.status !== 'running') {
    response.end();
    return null;
  }
  const unsubscribe = engine.parts.logs.subscribe(container.id, write);
  endWithContainer(engine, container.id, response, unsubscribe);
  return null;
}

/** A followed log ends when its container does. */
function endWithContainer(
  engine: Call['engine'],
  id: string,
  response: ServerResponse,
  unsubscribe: () => void,
): void {
  const stopWatching = engine.parts.events.subscribe(({ event }) => {
    if (event.id === id && event.Action === 'die') {
      response.end();
    }
  });
  response.once('close', () => {
    unsubscribe();
    stopWatching();
  });
}

function parse(query: URLSearchParams): Wanted {
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

function isAskedFor(line: StoredLine, wanted: Wanted): boolean {
  const at = toNanoseconds(line.at) ?? 0n;
  const isStream = line.stream === 'stdout' ? wanted.hasStdout : wanted.hasStderr;
  return isStream && at >= wanted.since && (wanted.until === null || at <= wanted.until);
}

/** Eight bytes before each piece: the stream, three zeros, the length. Without them for a terminal. */
function frame(line: StoredLine, hasTimestamps: boolean, isRaw: boolean): Buffer {
  const body = Buffer.from(`${hasTimestamps ? `${line.at} ` : ''}${line.text}\n`);
  if (isRaw) {
    return body;
  }
  const header = Buffer.alloc(8);
  header.writeUInt8(line.stream === 'stdout' ? 1 : 2, 0);
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}
