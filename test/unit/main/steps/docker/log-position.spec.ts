import { expect, test } from 'vitest';
import type { LogLine } from '../../../../../main/connections/ports.js';
import { LogPosition } from '../../../../../main/steps/docker/log-position.js';

const line = (
  nanoseconds: number,
  text: string,
  stream: LogLine['stream'] = 'stdout',
): LogLine => ({
  at: `2026-01-15T10:00:${String(10 + Math.floor(nanoseconds / 1e9))}.${String(nanoseconds % 1e9).padStart(9, '0')}Z`,
  stream,
  text,
});

/** What the engine's log holds, followed with breaks after these many lines; `since` filters by time and keeps the order. */
function followed(log: readonly LogLine[], breaks: readonly number[]): string[] {
  const position = new LogPosition();
  const told: string[] = [];
  for (const end of [...breaks, log.length]) {
    const isNew = position.begin();
    const from = position.since ?? '';
    for (const one of log.slice(0, end).filter(({ at }) => at >= from)) {
      if (isNew(one)) {
        told.push(one.text);
      }
    }
  }
  return told;
}

test('nothing is lost or doubled, wherever the line breaks and however alike the times are', () => {
  // Two streams are written down a little out of order, and a burst has one time for many lines.
  const log = [
    line(5, 'a'),
    line(9, 'b'),
    line(7, 'c', 'stderr'),
    line(9, 'd'),
    line(9, 'd'),
    line(9, 'e', 'stderr'),
    line(8, 'f', 'stderr'),
    line(4_000_000_000, 'g'),
    line(3_999_000_000, 'h', 'stderr'),
    line(9_000_000_001, 'i'),
  ];
  const all = log.map(({ text }) => text);
  for (let first = 0; first <= log.length; first += 1) {
    for (let second = first; second <= log.length; second += 1) {
      expect(followed(log, [first, second])).toEqual(all);
    }
  }
});

test('what was left out at the first look stays left out', () => {
  const position = new LogPosition();
  position.begin()(line(1_500_000_000, 'newest of the tail'));
  expect(position.since).toBe(line(1_500_000_000, '').at);
});

test('lines that a rotation took away do not swallow new ones', () => {
  const position = new LogPosition();
  const isFirst = position.begin();
  expect([line(1, 'gone'), line(2, 'gone too'), line(3, 'kept')].map(isFirst)).toEqual([
    true,
    true,
    true,
  ]);
  expect([line(3, 'kept'), line(4, 'new')].map(position.begin())).toEqual([false, true]);
});

test('remembers a storm no longer than it must', () => {
  const position = new LogPosition();
  const isNew = position.begin();
  for (let index = 0; index < 120_000; index += 1) {
    expect(isNew(line(index * 100_000, 'x'))).toBe(true);
  }
  expect(position.since).toBe(line(119_999 * 100_000 - 2_000_000_000, '').at);
});
