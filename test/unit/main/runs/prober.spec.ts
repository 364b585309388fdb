import { expect, onTestFinished, test, vi } from 'vitest';
import { Prober } from '../../../../main/runs/prober.js';
import type { HttpPort } from '../../../../main/connections/ports.js';
import { AppError } from '../../../../shared/errors/app-error.js';
import type { ErrorCode } from '../../../../shared/errors/app-error.js';

/** What the probe makes of an address that is asked with this outcome. */
function probing(code: ErrorCode) {
  const http: Pick<HttpPort, 'request'> = {
    request: () => Promise.reject(new AppError(code, 'because')),
  };
  const states: string[] = [];
  const prober = new Prober({
    http,
    url: 'http://localhost:1',
    health: { path: '/health', status: 200, json: {}, show: [] },
    now: () => '2026-11-25T10:00:00.000Z',
    monotonicMs: () => 0,
    onProbe: ({ state }) => {
      states.push(state);
    },
    onChange: () => undefined,
  });
  onTestFinished(() => {
    prober.stop();
  });
  return { prober, states };
}

test('an address that does not answer is down', async () => {
  const { prober, states } = probing('HTTP_NO_ANSWER');
  await vi.waitFor(() => {
    expect(states).toContain('down');
  });
  expect(prober.window).toMatchObject([{ state: 'down' }]);
});

test.each(['HOST_UNREACHABLE', 'HOST_LINE_LOST', 'STEP_STOPPED'] as const)(
  'a host that cannot ask (%s) says nothing of the service: it is not measured and no failed request',
  async (code) => {
    const { prober, states } = probing(code);
    await vi.waitFor(() => {
      expect(states).toContain('not-measured');
    });
    expect(prober.newest?.state).toBe('not-measured');
    expect(prober.window).toEqual([]);
  },
);
