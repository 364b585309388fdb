import { toNanoseconds } from '../clock.js';
import { EngineError } from '../engine-error.js';
import type { EngineEvent, MomentOfEvent } from '../event-stream.js';
import { parseFilters, passes, passesLabels } from '../filters.js';
import type { FilterMap } from '../filters.js';
import { route } from '../router.js';
import type { Call, Route } from '../router.js';

export const eventRoutes: readonly Route[] = [route('GET', '/events', events)];

const ALLOWED = ['type', 'event', 'container', 'image', 'label', 'scope'];

function events({ engine, query, response }: Call): null {
  const { parts } = engine;
  const filters = parseFilters(query.get('filters'), ALLOWED);
  const since = moment(query.get('since'));
  const until = moment(query.get('until'));
  const write = ({ at, event }: MomentOfEvent): void => {
    if (
      (since === null || at >= since) &&
      (until === null || at <= until) &&
      isWanted(event, filters)
    ) {
      response.write(`${JSON.stringify(event)}\n`);
    }
  };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  if (since !== null || until !== null) {
    parts.events.past.forEach(write);
  }
  const untilMs = until === null ? null : Number(until / 1_000_000n) - parts.clock.nowMs();
  if (untilMs !== null && untilMs <= 0) {
    response.end();
    return null;
  }
  const unsubscribe = parts.events.subscribe(write);
  const timer =
    untilMs === null
      ? undefined
      : setTimeout(() => response.end(), Math.min(untilMs, 2_000_000_000));
  timer?.unref();
  response.once('close', () => {
    unsubscribe();
    clearTimeout(timer);
  });
  return null;
}

function isWanted(event: EngineEvent, filters: FilterMap): boolean {
  const { name, image } = event.Actor.Attributes;
  return (
    passesLabels(filters, event.Actor.Attributes) &&
    passes(filters, 'type', (value) => value === event.Type) &&
    passes(filters, 'scope', (value) => value === event.scope) &&
    passes(
      filters,
      'event',
      (value) => value === event.Action || event.Action.startsWith(`${value}:`),
    ) &&
    passes(filters, 'container', (value) => event.id.startsWith(value) || value === name) &&
    passes(filters, 'image', (value) => value === image || value === image?.replace(/:[^:/]*$/, ''))
  );
}

function moment(asked: string | null): bigint | null {
  if (asked === null || asked === '') {
    return null;
  }
  const at = toNanoseconds(asked);
  if (at === null) {
    throw new EngineError(400, `failed to parse "${asked}" as a time`);
  }
  return at;
}
