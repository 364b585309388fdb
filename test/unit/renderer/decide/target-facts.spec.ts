import { expect, test } from 'vitest';
import {
  byAge,
  movingNames,
  otherNames,
  shortId,
  sizeText,
} from '../../../../renderer/decide/target-facts.js';
import { bandText, verdictParts } from '../../../../renderer/decide/verdict-parts.js';
import { target } from '../../shared/run-story.js';

test('tells names that move from names that hold a version', () => {
  const image = {
    ...target('v1.1.0'),
    names: [
      'host:5000/monitor:v1.1.0',
      'host:5000/monitor:latest',
      'monitor:1.1',
      'host:5000/monitor',
    ],
  };
  expect(movingNames(image)).toEqual(['latest']);
  expect(otherNames(image)).toContain('1.1');
});

test('lists the newest first and what has no age last', () => {
  const old = { ...target('v1.0.0'), createdAt: '2024-01-01T00:00:00.000Z' };
  const ageless = { ...target('v0.9.0'), createdAt: null };
  expect(byAge([ageless, old, target('v1.1.0')]).map(({ version }) => version)).toEqual([
    'v1.1.0',
    'v1.0.0',
    'v0.9.0',
  ]);
});

test('shortens an image id as the engine does', () => {
  expect(shortId('sha256:9e12b613cf8e51c2')).toBe('9e12b613cf8e');
});

test.each([
  [495_000_000, '495 MB'],
  [1_502_000_000, '1.5 GB'],
  [1_200_000, '1.2 MB'],
  [null, 'not known'],
  [0, '0.0 kB'],
  [4_321, '4.3 kB'],
])('says %s bytes as %s', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});

test('parts the advice from its reasons', () => {
  expect(verdictParts({ sentence: 'Roll back: error rate 34 % is high.' })).toEqual({
    heading: 'Roll back',
    reasons: 'Error rate 34 % is high.',
  });
});

test('words the bands so that each bound lies on one side only', () => {
  const bands = { medium: 10, high: 25, critical: 50 };
  expect(
    (['low', 'medium', 'high', 'critical'] as const).map((level) =>
      bandText(level, bands).replaceAll('\u00a0', ' '),
    ),
  ).toEqual(['under 10 %', '10 – 25 %', 'over 25 – 50 %', 'over 50 %']);
});
