import { expect, test } from 'vitest';
import type { LogEntry } from '../../../../../shared/ipc/views.js';
import { linesOfStep, matchesIn } from '../../../../../renderer/ui/log/line-source.js';
import type { LineSource } from '../../../../../renderer/ui/log/line-source.js';
import { plainText } from '../../../../../renderer/ui/log/plain-text.js';
import { withoutMoment } from '../../../../../renderer/ui/log/without-moment.js';
import {
  MAX_CONTENT_PX,
  OVERSCAN_ROWS,
  ROW_HEIGHT,
  contentHeight,
  isAtEnd,
  scrollTopFor,
  windowOf,
} from '../../../../../renderer/ui/log/windowing.js';

const height = ROW_HEIGHT * 20;

test('draws only the rows in sight and a few around them', () => {
  const { first, end } = windowOf(10_000, { scrollTop: ROW_HEIGHT * 500, height });
  expect(first).toBe(500 - OVERSCAN_ROWS);
  expect(end).toBe(500 + 20 + 1 + OVERSCAN_ROWS);
});

test('puts the first row where the scroll bar says it stands', () => {
  const { first, offsetPx } = windowOf(10_000, { scrollTop: ROW_HEIGHT * 500 + 7, height });
  expect(offsetPx).toBe(first * ROW_HEIGHT);
});

test('reaches the last line of a log that is taller than an element can be', () => {
  const total = 5_000_000;
  expect(contentHeight(total)).toBe(MAX_CONTENT_PX);
  const { end } = windowOf(total, { scrollTop: MAX_CONTENT_PX - height, height });
  expect(end).toBe(total);
});

test('scrolls to a line so that it is in sight, in short and in huge logs', () => {
  for (const total of [1_000, 5_000_000]) {
    const index = Math.floor(total / 3);
    const { first, end } = windowOf(total, {
      scrollTop: scrollTopFor(index, total, height),
      height,
    });
    expect(first).toBeLessThanOrEqual(index);
    expect(end).toBeGreaterThan(index);
  }
});

test('follows at the end and not one row above it', () => {
  const bottom = contentHeight(1_000) - height;
  expect(isAtEnd(1_000, { scrollTop: bottom, height })).toBe(true);
  expect(isAtEnd(1_000, { scrollTop: bottom - ROW_HEIGHT * 2, height })).toBe(false);
});

test('draws nothing of an empty log', () => {
  const { first, end } = windowOf(0, { scrollTop: 0, height });
  expect(end - first).toBe(0);
});

test.each([
  ['\u001b[31mERROR\u001b[0m lost', 'ERROR lost'],
  ['10 %\r60 %\r100 %', '100 %'],
  ['done\r', 'done'],
  ['\u001b]0;title\u0007hello\u0000', 'hello'],
  ['\u001b[2J\u001b[H<b>bold</b>', '<b>bold</b>'],
])('shows %j as plain text', (given, shown) => {
  expect(plainText(given)).toBe(shown);
});

test.each([
  ['2026-11-25T14:01:25.467Z ERROR tick', 'ERROR tick'],
  ['[2026-11-25T15:01:24+01:00] ERROR tick', 'ERROR tick'],
  // Said at another moment: only the line itself tells it.
  ['2026-11-25T13:00:00Z ERROR tick', '2026-11-25T13:00:00Z ERROR tick'],
  ['ERROR tick', 'ERROR tick'],
])('a line does not take the room for the moment that stands beside it: %s', (given, shown) => {
  expect(withoutMoment(given, '2026-11-25T14:01:25.470Z')).toBe(shown);
});

function sourceOf(texts: readonly (readonly [stepId: string, text: string])[]): LineSource {
  const entries = texts.map(([stepId, text]): LogEntry => ({
    at: '',
    stepId,
    stream: 'stdout',
    text,
    isError: false,
  }));
  return {
    total: entries.length,
    version: 1,
    lineAt: (index) => entries[index],
    want: () => undefined,
  };
}

const source = sourceOf([
  ['stop', 'asked to stop'],
  ['start', 'started'],
  ['stop', '\u001b[1mStopped\u001b[0m with exit code 0'],
]);

test('finds lines whatever their case and colour', () => {
  expect(matchesIn(source, 'stopped with')).toEqual([2]);
  expect(matchesIn(source, '')).toEqual([]);
});

test('shows the lines of one step in their order', () => {
  const lines = linesOfStep(source, 'stop');
  expect(lines.total).toBe(2);
  expect(lines.lineAt(0)?.text).toBe('asked to stop');
  expect(lines.lineAt(2)).toBeUndefined();
});
