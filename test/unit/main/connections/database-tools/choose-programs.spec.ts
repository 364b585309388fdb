import { expect, test } from 'vitest';
import { choosePrograms } from '../../../../../main/connections/database-tools/choose-programs.js';
import { readPrograms } from '../../../../../main/connections/database-tools/find-programs.js';

const output = (...versions: readonly string[]): string =>
  versions
    .flatMap((version) => [
      `set /opt/pg ${version}/bin`,
      ...['pg_dump', 'pg_restore', 'psql'].map(
        (name) => `${name} ${name} (PostgreSQL) ${version} (Debian ${version}-1)`,
      ),
    ])
    .join('\n');

const choose = (server: number, ...versions: readonly string[]) =>
  choosePrograms(readPrograms(output(...versions)).sets, server);

test.each([
  [15, ['14.2', '15.3', '15.18', '17.1'], '15.18'],
  [15, ['14.2', '18.1', '16.4'], '16.4'],
  [16, ['16.0'], '16.0'],
])('for server %i of %o it takes %s', (server, versions, chosen) => {
  expect(choose(server, ...versions)).toMatchObject({
    programs: { pg_dump: { version: chosen, path: `/opt/pg ${chosen}/bin/pg_dump` } },
    reason: expect.stringContaining(chosen) as string,
  });
});

test('what is too old and what is missing is told apart, with what is there', () => {
  expect(choose(18, '15.18', '17.1')).toEqual({
    problem: 'too-old',
    text: expect.stringMatching(/15\.18.*17\.1.*server is 18/) as string,
  });
  expect(choose(15)).toMatchObject({ problem: 'missing' });
});

test('a program that does not say its version takes its folder out', () => {
  const text = output('15.1').replace('psql (PostgreSQL) 15.1', 'psql: error while loading');
  expect(readPrograms(text).sets).toEqual([]);
  expect(readPrograms(`no-setsid\n${output('15.1')}`)).toMatchObject({ canDetach: false });
});
