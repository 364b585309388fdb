import { describe, expect, test } from 'vitest';
import { healthLight } from '../../../../renderer/app/health-light.js';
import type { Probe } from '../../../../shared/ipc/views.js';
import type { RunEvent } from '../../../../shared/run/events.js';
import type { ServingState } from '../../../../shared/run/facts.js';
import { foldEvents, started } from '../../../fakes/sample-run.js';

const probe = (state: ServingState): Probe => ({
  state,
  status: state === 'down' ? null : 200,
  milliseconds: 12.4,
  at: '2026-11-23T12:00:00.000Z',
});

function lightAfter(recorded: readonly ServingState[], seen: ServingState) {
  const changes = recorded.map((to): RunEvent => {
    return { type: 'health.changed', to, detail: '', sinceMonotonicMs: 0 };
  });
  return healthLight(foldEvents([started(), ...changes]), probe(seen));
}

describe('the health light', () => {
  test('stays as it is while a sick version answers well now and then', () => {
    const light = lightAfter(['unhealthy'], 'unhealthy');
    expect(light).toMatchObject({ state: 'bad', text: 'unhealthy' });
    expect(lightAfter(['unhealthy'], 'serving')).toEqual(light);
  });

  test.each<[ServingState, string]>([
    ['serving', 'ok'],
    ['unhealthy', 'bad'],
    ['down', 'bad'],
  ])('shows what the journal has at once: %s', (to, state) => {
    expect(lightAfter(['unhealthy', 'serving', to], 'not-measured').state).toBe(state);
  });

  test('shows status and speed of the last answer while it serves', () => {
    expect(lightAfter(['serving'], 'serving').name).toBe('Health 200, 12 ms');
    expect(lightAfter(['serving'], 'unhealthy').name).toBe('Health');
  });

  test('shows the probe before anything is recorded', () => {
    expect(lightAfter([], 'down')).toMatchObject({ state: 'bad', text: 'down, no answer' });
  });
});
