import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkDump, readMeanwhile } from '../../../../../main/steps/postgres/dump-script.js';
import { scriptHead } from '../../../../../main/steps/host/look.js';

describe('What is read of a backup while the script goes on', () => {
  const withoutItsFolder = (then: string) => {
    const folder = mkdtempSync(join(tmpdir(), 'lastgood-dump-'));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    const dump = join(folder, 'old.dump');
    writeFileSync(dump, 'PGDMP');
    const script = `${scriptHead}mktemp() { printf '%s\\n' "$gone"; }
sum_of() { echo sum; }
pg_restore=true dump=$1 gone=$1.gone
${readMeanwhile(dump)}${then}`;
    return spawnSync('/bin/sh', ['-c', script, 'sh', dump], { encoding: 'utf8' });
  };

  it("leaves the script's own word the last, where its folder is gone by then", () => {
    const { status, stderr } = withoutItsFolder('wait; exit 3\n');

    expect(stderr).toBe('');
    expect(status).toBe(3);
  });

  it('is missed where it could not be written, and said', () => {
    const { status, stderr } = withoutItsFolder(checkDump);

    expect(stderr).toMatch(
      /^\S+old\.dump cannot be read: its list of contents cannot be written to \S+\.gone\. The database was not touched\n$/,
    );
    expect(status).toBe(1);
  });
});
