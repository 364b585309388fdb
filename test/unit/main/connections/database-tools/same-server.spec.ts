import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { toolConnection } from '../../../../../main/connections/database-tools/tool-connection.js';

/** What the function leaves, where psql is a script that ends so. */
function after(psqlText: string, systemIdentifier: string | null): string {
  const folder = mkdtempSync(join(tmpdir(), 'lastgood-psql-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const psql = join(folder, 'psql');
  writeFileSync(psql, `#!/bin/sh\n${psqlText}\n`, { mode: 0o755 });
  const { sameServer } = toolConnection({
    name: 'main',
    place: { host: 'localhost', port: 5432, database: 'shop', user: 'app', tls: 'off' },
    dials: null,
    psql,
    systemIdentifier,
    password: () => Promise.resolve(''),
  });
  const script = `set -u\n${sameServer}same_server 1 && echo "$lg_server|$lg_answer" || echo "$lg_why"`;
  return execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).trim();
}

it.each([
  { says: 'what was asked', psql: 'echo "77 0 150018 app"', known: '77', left: '77|0 150018 app' },
  { says: 'it without an identifier', psql: 'echo " 3 x"', known: null, left: '|3 x' },
  {
    says: 'it below a warning of the server',
    psql: 'echo "WARNING:  database has a collation version mismatch" >&2; echo "77 1 x"',
    known: '77',
    left: '77|1 x',
  },
  {
    says: 'that it is another server',
    psql: 'echo "78 "',
    known: '77',
    left: 'another server than that of main answers there',
  },
  {
    says: 'why nothing was answered',
    psql: 'printf "psql: error: FATAL:  too many connections\\n\\tIs it so?\\n" >&2; exit 2',
    known: '77',
    left: 'the database does not answer (psql: error: FATAL:  too many connections)',
  },
])('tells $says', ({ psql, known, left }) => {
  expect(after(psql, known)).toBe(left);
});
