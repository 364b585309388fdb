import { EngineError } from '../engine-error.js';
import { route } from '../router.js';
import type { Call, Route } from '../router.js';

export const waitRoutes: readonly Route[] = [route('POST', '/containers/{id}/wait', wait)];

/** The headers go out at once, so that the caller knows its wait has begun; the body when it is over. */
async function wait({ engine, subject, query, response }: Call): Promise<null> {
  const container = engine.get(subject);
  const condition = query.get('condition') || 'not-running';
  if (condition !== 'not-running' && condition !== 'next-exit' && condition !== 'removed') {
    throw new EngineError(400, `invalid condition: "${condition}"`);
  }
  const waiting = engine.life.wait(container, condition);
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  response.end(JSON.stringify({ Error: null, StatusCode: await waiting }));
  return null;
}
