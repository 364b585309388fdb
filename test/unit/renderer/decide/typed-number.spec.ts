import { expect, test } from 'vitest';
import { parseTypedNumber, showNumber } from '../../../../renderer/decide/typed-number.js';

test.each([
  ['34', 34],
  [' 34,5 ', 34.5],
  ['25.04 %', 25.04],
])('reads %j as a number', (text, value) => {
  expect(parseTypedNumber(text)).toEqual({ kind: 'number', value });
});

test('takes an emptied field for "not known", never for zero', () => {
  expect(parseTypedNumber('  ')).toEqual({ kind: 'nothing' });
});

test.each(['about 30', '-3', '1e9', '30-40', '99999999'])('refuses %j and says why', (text) => {
  expect(parseTypedNumber(text).kind).toBe('not-a-number');
});

test('shows enough decimals to tell 25.04 from 25', () => {
  expect(showNumber(25.04)).toBe('25.04');
  expect(showNumber(25)).toBe('25');
});
