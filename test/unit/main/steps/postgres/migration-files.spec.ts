import { describe, expect, it } from 'vitest';
import { problemOfWays, waysDown } from '../../../../../main/steps/postgres/migration-files.js';

const filesOf = (version: string, names: readonly string[], history = [version]) =>
  waysDown([version], { names, history })[0]?.files;

describe('The files that take a migration back', () => {
  it.each([
    [
      '20261101',
      ['20261101_prices.down.sql', '20261101_prices.up.sql'],
      ['20261101_prices.down.sql'],
    ],
    ['7', ['0007_a.down.sql', '0017_b.down.sql', '70_c.down.sql'], ['0007_a.down.sql']],
    ['0007', ['7_a.down.sql', '007_a.up.sql'], ['7_a.down.sql']],
    ['0', ['0000_first.down.sql'], ['0000_first.down.sql']],
    [
      '20261101_prices',
      ['20261101_prices/down.sql', '20261101_prices/up.sql'],
      ['20261101_prices/down.sql'],
    ],
    ['20261101', ['20261101_prices/down.sql'], ['20261101_prices/down.sql']],
    ['20261101_prices', ['20261101_prices_down.sql'], ['20261101_prices_down.sql']],
    ['2026-11-01', ['2026-11-01_prices.down.sql'], ['2026-11-01_prices.down.sql']],
    ['5', ['0005_a.down.sql', '5_b.down.sql'], ['0005_a.down.sql', '5_b.down.sql']],
    ['5', ['5_a.up.sql', '5_countdown.sql', '5down.sql'], []],
  ])('of %s among %j are %j', (version, names, found) => {
    expect(filesOf(version, names)).toEqual(found);
  });

  it('are not those of a longer version that was made as well', () => {
    const names = ['1.1_b.down.sql', '1_a.down.sql'];

    expect(filesOf('1', names, ['1', '1.1'])).toEqual(['1_a.down.sql']);
    expect(filesOf('1.1', names, ['1', '1.1'])).toEqual(['1.1_b.down.sql']);
    expect(filesOf('1', ['1.1_b.down.sql'], ['1', '1.1'])).toEqual([]);
  });
});

describe('What is wrong with the ways down', () => {
  it('is nothing where each has one file', () => {
    expect(problemOfWays('/srv', [{ version: '1', files: ['1.down.sql'] }])).toBe(null);
  });

  it('names every version without one, and the files where there are two', () => {
    const ways = [
      { version: '4', files: [] },
      { version: '3', files: ['3_a.down.sql', '3/down.sql'] },
      { version: '2', files: ['2.down.sql'] },
      { version: '1', files: [] },
    ];

    expect(problemOfWays('/srv', ways)).toBe(
      'No down-migration in /srv for 4, 1. More than one down-migration in /srv for 3 (3_a.down.sql, 3/down.sql).',
    );
  });
});
