import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { namesIn } from '../../../../../main/steps/postgres/in-the-way-now.js';
import { namesFunctions } from '../../../../../main/steps/postgres/in-the-way.js';

const toc = `;
; Archive created at 2026-07-01 10:00:00 UTC
;     dbname: shop
;
4; 2615 2200 SCHEMA - public pg_database_owner
200; 1247 16380 TYPE public mood app
201; 1247 16381 DOMAIN public short text app
202; 1255 16390 FUNCTION public now_in(character varying, public.mood[]) app
203; 1255 16391 AGGREGATE public most(*) app
204; 1255 16392 PROCEDURE auth tidy() app
215; 1259 16400 TABLE public markets app
216; 1259 16401 TABLE public Mary's \\ "odd" & name app
217; 1259 16403 SEQUENCE public markets_id_seq app
218; 0 0 SEQUENCE OWNED BY public markets_id_seq app
219; 1259 16404 VIEW auth seen app
220; 1259 16405 MATERIALIZED VIEW auth summed app
221; 0 0 TABLE ATTACH public part app
222; 1259 16406 FOREIGN TABLE far.away rows app
300; 0 16401 TABLE DATA public Mary's \\ "odd" & name app
301; 0 16400 TABLE DATA public markets app
302; 0 0 SEQUENCE SET public markets_id_seq app
223; 2606 16407 CONSTRAINT public markets markets_pkey app
224; 2606 16408 FK CONSTRAINT public markets one of two app
225; 0 0 COMMENT - TABLE markets app
`;

/** The system's own shell and awk, and those of small machines. */
const places = [
  { name: 'the shell', shell: ['/bin/sh'], awk: null },
  ...(existsSync('/bin/busybox')
    ? [{ name: 'busybox', shell: ['/bin/busybox', 'sh'], awk: '/bin/busybox' }]
    : []),
];

describe.each(places)('By $name, the list of contents', ({ shell, awk }) => {
  /** In a folder whose name needs quotes. */
  const sorted = (schemas: string, more = '') => {
    const folder = mkdtempSync(join(tmpdir(), 'lastgood-names-'));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    const work = join(folder, `a "b" 'c'`);
    mkdirSync(work);
    writeFileSync(join(work, 'toc'), toc);
    if (awk !== null) {
      symlinkSync(awk, join(work, 'awk'));
    }
    const script = `PATH=$work:$PATH
fail() { exit 1; }
${namesFunctions}toc=$work/toc
names_of_dump
echo "$total"
${more}`;
    const [program = '', ...words] = shell;
    const told = execFileSync(program, [...words, '-c', script], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], LC_ALL: 'C', work, schemas },
    });
    const lines = (file: string) => readFileSync(join(work, file), 'utf8').split('\n').slice(0, -1);
    return { told, lines };
  };

  it('is sorted into files, as the console itself reads it', () => {
    const { told, lines } = sorted('');

    expect(told).toBe('2\n');
    expect(lines('names')).toEqual(namesIn(toc).relations);
    expect(lines('names')).toEqual([
      'public.markets',
      `public.Mary's \\ "odd" & name`,
      'public.markets_id_seq',
      'auth.seen',
      'auth.summed',
      'far.away.rows',
    ]);
    expect(lines('others')).toEqual(namesIn(toc).others);
    expect(lines('others')).toEqual([
      'type public.mood',
      'type public.short text',
      'routine public.now_in(character varying, public.mood[])',
      'routine public.most()',
      'routine auth.tidy()',
      'key public.markets.one of two',
    ]);
    expect(lines('data')).toEqual([`public.Mary's \\ "odd" & name`, 'public.markets']);
    expect(lines('tables')).toEqual(['public.markets', `public.Mary's \\ "odd" & name`]);
    expect(lines('used')).toEqual(['public', 'auth', 'far.away']);
  });

  it('gives only what is in the schemas that were asked for', () => {
    const { told, lines } = sorted('auth\nfar.away');

    expect(told).toBe('0\n');
    expect(lines('names')).toEqual(['auth.seen', 'auth.summed', 'far.away.rows']);
    expect(lines('others')).toEqual(['routine auth.tidy()']);
    expect(namesIn(toc, ['auth', 'far.away'])).toEqual({
      relations: lines('names'),
      others: lines('others'),
    });
    expect(lines('used')).toEqual(['auth', 'far.away']);
  });

  it('goes into questions as text alone', () => {
    const { told } = sorted(
      '',
      `about : '\\o there' "$work/tables" "$work/used" ' select 1' : '\\o'`,
    );

    expect(told).toBe(`2
set standard_conforming_strings = on;
\\o there
with given(first, second) as (select ARRAY['public.markets','public.Mary''s \\ "odd" & name']::text[], ARRAY['public','auth','far.away']::text[]) select 1;
\\o
`);
  });

  it('makes no question of a file that is not there', () => {
    const { told } = sorted('', `about "$work/tables" "$work/nothing" ' drop' || echo failed`);

    expect(told).toMatch(/failed\n$/);
    expect(told).not.toContain('drop');
  });
});
