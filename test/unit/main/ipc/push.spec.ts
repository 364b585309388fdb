import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPush, MAX_BATCH_LINES } from '../../../../main/ipc/push.js';
import type { Payload } from '../../../../shared/ipc/contract.js';

type Lines = Payload<'logs.appended'>;
const runId = '00000000-0000-4000-8000-000000000000' as Lines['runId'];

class FakePage {
  readonly received: { channel: string; payload: unknown }[] = [];
  state: 'open' | 'destroyed' | 'crashed' | 'broken' = 'open';

  isDestroyed(): boolean {
    return this.state === 'destroyed';
  }

  isCrashed(): boolean {
    return this.state === 'crashed';
  }

  send(channel: string, payload: unknown): void {
    if (this.state === 'broken') {
      throw new Error('An object could not be cloned.');
    }
    this.received.push({ channel, payload });
  }

  batches(): Lines[] {
    return this.received
      .filter(({ channel }) => channel === 'lastgood:logs.appended')
      .map(({ payload }) => payload as Lines);
  }
}

function setUp(target: FakePage | null = new FakePage()) {
  const page = target ?? new FakePage();
  let timers: (() => void)[] = [];
  const errors: unknown[] = [];
  const push = createPush({
    target: () => target,
    logError: (_name, thrown) => errors.push(thrown),
    later: (callback) => timers.push(callback),
  });
  const elapse = () => {
    const due = timers;
    timers = [];
    for (const callback of due) {
      callback();
    }
  };
  return { page, push, elapse, errors };
}

function lines(from: number, count: number, source: Lines['source'] = 'step'): Lines {
  const entries = Array.from({ length: count }, (_, index) => ({
    at: '2026-01-01T00:00:00Z',
    stepId: null,
    stream: 'stdout' as const,
    text: `line ${String(from + index)}`,
    isError: false,
  }));
  return { runId, source, from, entries };
}

const lit: Payload<'runs.lit'> = { runId, lights: [] };

test('sends an event at once', () => {
  const { page, push } = setUp();
  push('runs.lit', lit);
  expect(page.received).toEqual([{ channel: 'lastgood:runs.lit', payload: lit }]);
});

test('gathers lines that come one by one into one message', () => {
  const { page, push, elapse } = setUp();
  for (let index = 0; index < 40; index += 1) {
    push('logs.appended', lines(index, 1));
  }
  expect(page.received).toEqual([]);
  elapse();
  expect(page.batches()).toEqual([lines(0, 40)]);
});

test('does not let lines wait once a batch is full', () => {
  const { page, push } = setUp();
  push('logs.appended', lines(0, MAX_BATCH_LINES * 2 + 1));
  expect(page.batches().map(({ from, entries }) => [from, entries.length])).toEqual([
    [0, 500],
    [500, 500],
    [1000, 1],
  ]);
});

test('lets no other event overtake the lines before it', () => {
  const { page, push, elapse } = setUp();
  push('logs.appended', lines(0, 1));
  push('runs.lit', lit);
  push('logs.appended', lines(1, 1));
  elapse();
  expect(page.received.map(({ channel }) => channel)).toEqual([
    'lastgood:logs.appended',
    'lastgood:runs.lit',
    'lastgood:logs.appended',
  ]);
});

test('keeps a gap in the lines visible', () => {
  const { page, push, elapse } = setUp();
  push('logs.appended', lines(0, 2));
  push('logs.appended', lines(5, 2));
  elapse();
  expect(page.batches()).toEqual([lines(0, 2), lines(5, 2)]);
});

test('loses, doubles and reorders nothing, however lines and events come', () => {
  const source = fc.constantFrom('step' as const, 'service' as const);
  const lineMove = fc.record({ source, count: fc.integer({ min: 1, max: 900 }) });
  const move = fc.oneof(lineMove, fc.constant('event' as const), fc.constant('elapse' as const));
  fc.assert(
    fc.property(fc.array(move, { maxLength: 30 }), (moves) => {
      const { page, push, elapse } = setUp();
      const sent = { step: 0, service: 0 };
      for (const each of moves) {
        if (each === 'event') {
          push('runs.lit', lit);
        } else if (each === 'elapse') {
          elapse();
        } else {
          push('logs.appended', lines(sent[each.source], each.count, each.source));
          sent[each.source] += each.count;
        }
      }
      elapse();
      const seen = { step: 0, service: 0 };
      for (const batch of page.batches()) {
        expect(batch.from).toBe(seen[batch.source]);
        expect(batch.entries.length).toBeLessThanOrEqual(MAX_BATCH_LINES);
        seen[batch.source] += batch.entries.length;
      }
      expect(seen).toEqual(sent);
    }),
    { numRuns: 50 },
  );
});

test.each(['destroyed', 'crashed'] as const)('throws nothing when the window is %s', (state) => {
  const { page, push, elapse } = setUp();
  push('logs.appended', lines(0, 1));
  page.state = state;
  push('runs.lit', lit);
  elapse();
  expect(page.received).toEqual([]);
});

test('throws nothing when there is no window or it cannot take the message', () => {
  setUp(null).push('runs.lit', lit);
  const { page, push, errors } = setUp();
  page.state = 'broken';
  push('runs.lit', lit);
  expect(errors).toHaveLength(1);
});
