import { expect, test } from 'vitest';
import { count, times } from '../../../shared/count.js';

test('counts one thing as one', () => {
  expect(count(1, 'look')).toBe('1 look');
  expect(count(0, 'look')).toBe('0 looks');
  expect(count(2, 'reply', 'replies')).toBe('2 replies');
});

test('says how often as one would say it', () => {
  expect(times(1)).toBe('once');
  expect(times(3)).toBe('3 times');
});
