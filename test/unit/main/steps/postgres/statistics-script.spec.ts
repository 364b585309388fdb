import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { statisticsFunctions } from '../../../../../main/steps/postgres/statistics-script.js';

const asked = (before: string): string =>
  execFileSync(
    '/bin/sh',
    [
      '-c',
      `work=/nowhere; about() { printf '%s' "$3"; }; ${statisticsFunctions}${before}statistics_of_names`,
    ],
    { encoding: 'utf8' },
  );

it('asks for whole statistics alone where the server may have forgotten that it owes them', () => {
  expect(asked('')).toContain("select case when true and c.relkind = 'r'");
  expect(asked('may_be_rough=false\n')).toContain("select case when false and c.relkind = 'r'");
});
