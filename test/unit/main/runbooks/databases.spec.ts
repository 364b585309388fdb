import { describe, expect, it } from 'vitest';
import { parseRunbook } from '../../../../main/runbooks/parse.js';
import { KINDS, hostText } from './runbook-files.js';

const sound = 'url: postgresql://app@localhost:5432/app';

/** The runbook with one database in the environment of web-1, written on one line. */
const withDatabases = (databases: string): string =>
  hostText.replace('via: web-1', `via: web-1\n    databases: [${databases}]`);

/** The problems as LINE:COLUMN, or `here` for what stands where the mark stands. */
function problemsOf(databases: string, mark: string): readonly string[] {
  const text = withDatabases(databases);
  const before = text.slice(0, text.indexOf(mark, text.indexOf('databases: ['))).split('\n');
  const at = `${String(before.length)}:${String((before.at(-1)?.length ?? 0) + 1)}`;
  const result = parseRunbook('databases.yaml', text, KINDS);
  const problems = result.ok ? [] : result.problems;
  return problems.map(({ line, column, message }) => {
    const place = `${String(line)}:${String(column)}`;
    return `${place === at ? 'here' : place}: ${message}`;
  });
}

describe('a runbook with databases', () => {
  it.each([
    `{ name: main, ${sound}, via: web-1 }`,
    `{ name: main, ${sound}, tools: [{ host: web-1, reaches: '[::1]:5433' }, { local: true }] }`,
  ])('is taken where every name leads somewhere: %s', (database) => {
    expect(problemsOf(database, 'main')).toEqual([]);
  });

  it.each([
    [
      'an API address',
      '{ name: main, url: https://abc.supabase.co }',
      'https:',
      'That is the API address',
    ],
    [
      'a password in the address',
      '{ name: main, url: postgresql://app:word@localhost/app }',
      'postgresql:',
      'take the password out',
    ],
    [
      'a network without TLS',
      '{ name: main, host: db.example, user: app, database: app, tls: { mode: off } }',
      'db.example',
      'without TLS the password',
    ],
    ['an address of nothing', '{ name: main }', 'main', 'host, database and user are needed'],
    [
      'a way through nowhere',
      `{ name: main, ${sound}, via: web-9 }`,
      'web-9',
      'there is no host “web-9” here',
    ],
    [
      'programs on no host',
      `{ name: main, ${sound}, tools: [{ local: true }, { host: web-9 }] }`,
      'web-9',
      'there is no host “web-9” here',
    ],
    [
      'programs on no engine',
      `{ name: main, ${sound}, tools: [{ container: db, engine: nine }] }`,
      'nine',
      'there is no engine “nine” here',
    ],
    [
      'an end that is no address',
      `{ name: main, ${sound}, tools: [{ host: web-1, reaches: far }] }`,
      'far',
      'write host:port',
    ],
  ])('is refused at the exact place: %s', (_what, databases, mark, says) => {
    expect(problemsOf(databases, mark)).toContainEqual(expect.stringContaining(`here: ${says}`));
  });

  it('is refused where a database is named twice', () => {
    const twice = `{ name: one, ${sound} }, { name: one, ${sound} }`;
    expect(problemsOf(twice, `one, ${sound} }]`)).toEqual([
      'here: the database “one” is there twice',
    ]);
  });
});
