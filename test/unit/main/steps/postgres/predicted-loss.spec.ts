import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { countScript, parseRowCounts } from '../../../../../main/steps/postgres/copy-rows.js';
import { lossSentence } from '../../../../../main/steps/postgres/predicted-loss.js';

/** Runs the counting over a program that prints this text as pg_restore would. */
function counted(text: string, exitCode = 0): ReadonlyMap<string, number> | null {
  const folder = mkdtempSync(path.join(tmpdir(), 'lastgood-count-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const program = path.join(folder, "pg'restore");
  const data = path.join(folder, 'data');
  writeFileSync(data, text);
  writeFileSync(program, `#!/bin/sh\ncat '${data}'\nexit ${String(exitCode)}\n`);
  chmodSync(program, 0o755);
  return parseRowCounts(
    execFileSync('sh', ['-c', countScript('/a.dump', program)], { encoding: 'utf8' }),
  );
}

/** A value as COPY writes it. */
const escaped = (value: string): string =>
  value
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');

const value = fc.oneof(
  fc.constantFrom('\\.', '\n\\.\n', 'COPY public.x (a) FROM stdin;', '', '\\N'),
  fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replaceAll('\0', '')),
);

describe('Counting the rows of a backup', () => {
  it('counts rows whatever stands in them', () => {
    fc.assert(
      fc.property(fc.array(fc.array(value, { maxLength: 8 }), { maxLength: 4 }), (tables) => {
        const text = tables
          .map(
            (rows, index) =>
              `--\n-- Data\n--\n\nCOPY public.t${String(index)} (a) FROM stdin;\n${rows.map((row) => `${escaped(row)}\n`).join('')}\\.\n\n`,
          )
          .join('');

        expect([...(counted(text) ?? [])]).toEqual(
          tables.map((rows, index) => [`public.t${String(index)}`, rows.length]),
        );
      }),
      { numRuns: 25 },
    );
  });

  it('reads names in quotes', () => {
    expect([...(counted('COPY "a.b"."c ""d" (e) FROM stdin;\n1\n\\.\n') ?? [])]).toEqual([
      ['a.b.c "d', 1],
    ]);
  });

  it('gives no count where the backup was not read to its end', () => {
    expect(counted('COPY public.a (b) FROM stdin;\n1\n\\.\n', 1)).toBeNull();
    expect(counted('COPY public.a (b) FROM stdin;\n1\n')).toBeNull();
  });
});

describe('The predicted loss', () => {
  it('names what is exact, what is estimated and what cannot be seen', () => {
    const unnamed = { isLate: false, newer: 'no-column-named' } as const;
    const exact = (rows: number) => ({ rows, isExact: true });
    const text = lossSentence(
      [
        {
          table: 'public.a',
          now: exact(12),
          isLate: false,
          inBackup: 10,
          newer: { column: 'at', rows: 3, isExact: true },
        },
        {
          table: 'public.b',
          now: { rows: 900, isExact: false },
          isLate: false,
          inBackup: 1_000,
          newer: 'not-counted',
        },
        { ...unnamed, table: 'public.c', now: exact(5), inBackup: 5 },
        { ...unnamed, table: 'public.d', now: 'may-not-be-read', inBackup: 5 },
        { ...unnamed, table: 'public.e', now: exact(1), inBackup: null },
        {
          table: 'public.f',
          now: { rows: 70, isExact: false },
          isLate: true,
          inBackup: 60,
          newer: { column: 'at', rows: 8, isExact: true },
        },
        { ...unnamed, table: 'public.g', now: 'not-counted', isLate: true, inBackup: 60 },
      ],
      '2026-01-01T00:00:00Z',
    );

    expect(text).toContain(
      'public.a: 12 rows now, 10 in the backup (2 fewer after it), 3 newer by at.',
    );
    expect(text).toContain(
      'public.b: about 900 rows now, 1000 in the backup (about 100 more after it), newer rows not counted.',
    );
    expect(text).toContain('public.d: its rows now may not be read, 5 in the backup.');
    expect(text).toContain('As many rows as in the backup: public.c.');
    expect(text).toContain('No time column is named for public.c, public.d, public.g.');
    expect(text).toContain(
      'public.f: about 70 rows now, 60 in the backup (about 10 fewer after it), 8 newer by at.',
    );
    expect(text).toContain('public.g: its rows now were not counted, 60 in the backup.');
    expect(text).toContain('There was no time to count public.f, public.g, or somebody holds');
    expect(text).toContain('The backup has no rows that could be counted for public.e.');
    expect(text).toContain('cannot be seen by counting');
  });
});
