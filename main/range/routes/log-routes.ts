import type { ServerResponse } from 'node:http';
import { frame, isAskedFor, parseLogQuery, tailOf } from '../log-frames.js';
import type { StoredLine } from '../log-store.js';
import { isTrue, route } from '../router.js';
import type { Call, Route } from '../router.js';

export const logRoutes: readonly Route[] = [route('GET', '/containers/{id}/logs', logs)];

function logs({ engine, subject, query, response }: Call): null {
  const container = engine.get(subject);
  const wanted = parseLogQuery(query);
  const isRaw = container.config.Tty === true;
  const write = (line: StoredLine): void => {
    if (isAskedFor(line, wanted)) {
      response.write(frame(line, { hasTimestamps: wanted.hasTimestamps, isRaw }));
    }
  };
  response.writeHead(200, {
    'content-type': isRaw
      ? 'application/vnd.docker.raw-stream'
      : 'application/vnd.docker.multiplexed-stream',
  });
  response.flushHeaders();
  tailOf(engine.parts.logs.read(container.id), wanted).forEach(write);
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
