import { describe, expect, it } from 'vitest';
import type { BoundedQuestion } from '../../../../../main/connections/ports.js';
import { countWithin } from '../../../../../main/steps/postgres/count-tables.js';

const table = (name: string, pages: number | null) => ({ table: name, pages, sql: name });

/** A server that never comes to an end with some of the tables. */
function server(...stuck: readonly string[]) {
  const asked: string[] = [];
  const ask: BoundedQuestion = (sql) => {
    const names = sql.split('\nunion all ');
    asked.push(names.join(' '));
    const rows = names.map((name) => ({ name, rows: '1' }));
    return Promise.resolve(names.some((name) => stuck.includes(name)) ? null : rows);
  };
  return { ask, asked };
}

const many = [table('huge', 9e6), table('small', 3), table('large', 1e6), table('tiny', 0)];

describe('Counting within a time', () => {
  it('asks for small tables together, and for each large one alone, the largest last', async () => {
    const { ask, asked } = server();

    const counted = await countWithin(ask, [...many, table('new', null)], 60_000);

    expect(asked).toEqual(['tiny small', 'new', 'large', 'huge']);
    expect([...counted.keys()].sort()).toEqual(['huge', 'large', 'new', 'small', 'tiny']);
  });

  it('counts all but the one that cannot be counted', async () => {
    const { ask } = server('tiny');

    expect([...(await countWithin(ask, many, 60_000)).keys()]).toEqual(['small', 'large', 'huge']);
  });

  it('asks nothing once the time is over', async () => {
    const { ask, asked } = server();

    expect(await countWithin(ask, many, 0)).toEqual(new Map());
    expect(asked).toEqual([]);
  });
});
