import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeMigration } from '../../../../../main/steps/postgres/judge-migration.js';
import { readSql } from '../../../../../main/steps/postgres/sql-statements.js';

const texts = (sql: string): readonly string[] => {
  const read = readSql(sql);
  return 'statements' in read ? read.statements.map(({ text }) => text) : [read.fault];
};

/** Pieces in which a semicolon or a COMMIT means nothing. */
const quoted = fc.constantFrom(
  `'a;b'`,
  `'it''s; COMMIT;'`,
  `"odd;name"`,
  `E'back\\'slash; commit'`,
  `$$ begin; commit; $$`,
  `$tag$ $$;commit;$$ $tag$`,
  `/* ; /* nested; */ commit; */ 1`,
  `-- commit;\n1`,
  `(1; 2)`,
  `U&'d\\0061t;'`,
);

describe('An SQL text', () => {
  it('is taken apart at the semicolons that end statements, and at no other', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(quoted, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
        (statements) => {
          const parts = statements.map((pieces) => `select ${pieces.join(' + ')}`);

          expect(texts(parts.join(';\n'))).toEqual(parts);
          expect(judgeMigration(parts.join(';\n'))).toEqual({ form: 'transaction' });
        },
      ),
    );
  });

  it('keeps the body of a function in one piece', () => {
    const body = `create or replace function f(a int) returns int language sql begin atomic select case when a = 1 then 2 else 3 end; select 4; end`;

    expect(texts(`${body}; drop table x`)).toEqual([body, 'drop table x']);
  });

  it.each([
    ["select 'open", 'unterminated'],
    ['select $x$ open', 'unterminated'],
    ['/* /* */', 'unterminated'],
    ['\\! id', 'psql-command'],
    ['copy t from stdin;\n1\n\\.', 'psql-command'],
    ['copy t (a) from stdin with csv', 'copy-from-stdin'],
  ])('that reads %j is not taken: %s', (sql, fault) => {
    expect(texts(sql)).toEqual([fault]);
  });
});

describe('A migration', () => {
  it('that begins or ends a transaction anywhere is refused, however it is written', () => {
    const own = fc.constantFrom(
      'COMMIT',
      'commit work',
      'BEGIN',
      'Begin transaction',
      'END',
      'abort',
      'rollback',
      'START TRANSACTION',
      "prepare transaction 'x'",
      'commit and chain',
    );
    fc.assert(
      fc.property(
        fc.array(quoted, { maxLength: 3 }),
        own,
        fc.constantFrom('', ' ', '/* c */ ', '-- x\n'),
        (before, word, space) => {
          const sql = [...before.map((one) => `select ${one}`), `${space}${word}`, 'select 1'].join(
            ';',
          );

          expect(judgeMigration(sql)).toMatchObject({ form: 'refused' });
        },
      ),
    );
  });

  it('may go back to a savepoint', () => {
    expect(
      judgeMigration('savepoint a; rollback to a; rollback to savepoint a; rollback work to a'),
    ).toEqual({ form: 'transaction' });
  });

  it.each([
    'create index concurrently i on t (a)',
    'CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)',
    'drop index concurrently i',
    'reindex table concurrently t',
    'vacuum t',
    'create database x',
    'alter system set a = 1',
    'alter table t detach partition p concurrently',
  ])('with %s cannot run in a transaction', (sql) => {
    expect(judgeMigration(`select 1; ${sql}`)).toMatchObject({ form: 'alone' });
  });
});
