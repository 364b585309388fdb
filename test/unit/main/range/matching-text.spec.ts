import { describe, expect, it } from 'vitest';
import { matchingText } from '../../../../main/range/matching-text.js';

describe('a made-up line', () => {
  it.each([
    'Analysis completed',
    'ERROR|FATAL|[Uu]nhandled',
    'level=(error|fatal)',
    '^\\[\\d{4}-\\d\\d\\] job (?:\\w+) done in \\d+(?:\\.\\d+)? ms$',
    '\\bdone\\b.*!$',
    '(?<what>scan) [A-Z]{4}-\\d{4} filed',
    '[^a-z]x*y?z{2,}',
    'price \\$5 \\(net\\)',
  ])('matches %s', (source) => {
    expect(matchingText(source)).toMatch(new RegExp(source));
  });

  it.each(['(?=later)now', '(a)\\1', '(?<!x)y', '[^\\s\\S]'])('is not guessed for %s', (source) => {
    expect(() => matchingText(source)).toThrow(
      expect.objectContaining({ code: 'RANGE_RUNBOOK_UNFIT' }),
    );
  });
});
