import type { Json } from '../../shared/json.js';
import type { Service } from '../../shared/runbook/schema.js';

export type Behaviour = 'healthy' | 'sick' | 'never-healthy';

export type Answer = { readonly status: number; readonly body: { readonly [key: string]: Json } };

export type Moment = {
  readonly nowMs: number;
  readonly startedMs: number;
  readonly version: string;
};

/** About one request in three goes well on a sick version: evenly spread, so that a drill can be repeated. */
const SICK_SHARE = 0.34;

export function goesWell(behaviour: Behaviour, requestNumber: number): boolean {
  switch (behaviour) {
    case 'healthy':
      return true;
    case 'never-healthy':
      return false;
    case 'sick':
      return Math.floor((requestNumber + 1) * SICK_SHARE) > Math.floor(requestNumber * SICK_SHARE);
  }
}

export function healthAnswer(service: Service, isWell: boolean, moment: Moment): Answer {
  const { status, json, show } = service.health;
  const shown = Object.fromEntries(show.map((name) => [name, shownValue(name, moment)]));
  if (isWell) {
    return { status, body: { ...shown, ...json } };
  }
  return { status: failing(status), body: { ...shown, ...unhealthy(json) } };
}

export function triggerAnswer(service: Service, isWell: boolean): Answer {
  const accepted = service.trigger?.acceptedStatus ?? [];
  if (!isWell) {
    return { status: 503, body: { accepted: false, reason: 'not able to work' } };
  }
  return { status: accepted.includes(202) ? 202 : (accepted[0] ?? 202), body: { accepted: true } };
}

function failing(expected: number): number {
  return expected === 503 ? 500 : 503;
}

/** One field tells the trouble; the others stay as they were, as they do in a half-broken service. */
function unhealthy(json: Service['health']['json']): Record<string, Json> {
  const key =
    Object.keys(json).find((name) => typeof json[name] === 'string') ?? Object.keys(json)[0];
  return key === undefined ? { status: 'unhealthy' } : { ...json, [key]: spoiled(json[key]) };
}

function spoiled(value: Json | undefined): Json {
  return typeof value === 'boolean' ? !value : 'unhealthy';
}

function shownValue(name: string, { nowMs, startedMs, version }: Moment): Json {
  const uptimeSeconds = Math.max(0, Math.floor((nowMs - startedMs) / 1_000));
  const minute = 60_000;
  const kinds: readonly (readonly [RegExp, Json])[] = [
    [/uptime/i, uptimeSeconds],
    [/version|release/i, version],
    [/^last|At$/, new Date(nowMs - (nowMs % (5 * minute))).toISOString()],
    [/^next/, new Date(nowMs - (nowMs % (5 * minute)) + 5 * minute).toISOString()],
    [/memory|bytes/i, 96_468_992],
    [/count|total|today|size|length|jobs|items/i, 214 + uptimeSeconds],
  ];
  return kinds.find(([pattern]) => pattern.test(name))?.[1] ?? 'ok';
}
