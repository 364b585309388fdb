import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closureOf, takenAlong } from '../../../../../main/steps/postgres/foreign-keys.js';
import { judge } from '../../../../../main/steps/postgres/marks.js';
import { parseContents } from '../../../../../main/steps/postgres/toc.js';

const name: fc.Arbitrary<string> = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const references = fc.array(fc.record({ table: name, refersTo: name }), { maxLength: 12 });

describe('The tables that are emptied together', () => {
  it('leave no table behind that refers to one of them, and take no other along', () => {
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1 }), references, (chosen, all) => {
        const closure = closureOf(chosen, all);

        expect(closure).toEqual(expect.arrayContaining(chosen));
        expect(
          all.filter(
            ({ table, refersTo }) => closure.includes(refersTo) && !closure.includes(table),
          ),
        ).toEqual([]);
        for (const table of closure.filter((one) => !chosen.includes(one))) {
          expect(all.some((one) => one.table === table && closure.includes(one.refersTo))).toBe(
            true,
          );
        }
      }),
    );
  });

  it('are told with the reason', () => {
    const all = [
      { table: 'b', refersTo: 'a' },
      { table: 'c', refersTo: 'b' },
    ];

    expect(takenAlong(['a'], all)).toEqual(['b (refers to a)', 'c (refers to b)']);
  });
});

describe('What the server says of a transaction that nobody saw the end of', () => {
  it('is told by all or none of its tables, and by nothing in between', () => {
    const before = [
      { table: 'a', mark: '1' },
      { table: 'b', mark: '2' },
    ];

    expect(judge(before, before)).toMatchObject({ isDone: false });
    expect(judge(before, [{ table: 'a', mark: '7' }])).toMatchObject({ isDone: true });
    expect(
      judge(before, [
        { table: 'a', mark: '1' },
        { table: 'b', mark: '9' },
      ]),
    ).toMatchObject({ isDone: null });
    expect(judge([], before)).toMatchObject({ isDone: null });
  });
});

describe('A list of contents', () => {
  it('gives its tables, whatever spaces are in their names', () => {
    const text = `;\n;     dbname: shop\n;     Dumped from database version: 15.18\n215; 1259 16389 TABLE public markets app\n216; 1259 16390 TABLE public odd name app\n3345; 0 16389 TABLE DATA public markets app\n17; 0 0 TABLE ATTACH public part app\n`;

    expect(parseContents(text)).toEqual({
      database: 'shop',
      serverVersion: '15.18',
      tables: [
        { schema: 'public', name: 'markets' },
        { schema: 'public', name: 'odd name' },
      ],
    });
  });
});
