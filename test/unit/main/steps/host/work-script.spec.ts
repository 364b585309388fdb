import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { asOwner } from '../../../../../main/steps/host/work-script.js';

/** The shell function among programs that say of whom a folder is, who asks, and how they were called. */
function asOwnerOf(owner: string, { me }: { readonly me: number }): string {
  const folder = mkdtempSync(join(tmpdir(), 'lastgood-owner-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const programs: Readonly<Record<string, string>> = {
    stat: `echo ${owner}`,
    id: `echo ${String(me)}`,
    getent: 'echo "getent $*" >&2; echo directory-account:x:4711:4712::/home/elsewhere:/bin/sh',
    setpriv: 'echo "setpriv HOME=$HOME $*"',
  };
  for (const [name, body] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return execFileSync('/bin/sh', ['-uc', `${asOwner}as_owner /app echo done 2>&1`], {
    encoding: 'utf8',
    env: { PATH: `${folder}:/usr/bin:/bin`, HOME: '/root' },
  });
}

it('becomes an account of this machine without asking a program who that is', () => {
  expect(asOwnerOf('daemon', { me: 0 })).toMatch(
    /^setpriv HOME=\S+ --reuid=1 --regid=1 --init-groups -- echo done\n$/,
  );
});

it('asks for an account that only a directory service knows', () => {
  expect(asOwnerOf('directory-account', { me: 0 })).toBe(
    'getent passwd directory-account\nsetpriv HOME=/home/elsewhere --reuid=4711 --regid=4712 --init-groups -- echo done\n',
  );
});

it('becomes nobody else where it may not, and where root has the folder', () => {
  expect(asOwnerOf('daemon', { me: 1000 })).toBe('done\n');
  expect(asOwnerOf('root', { me: 0 })).toBe('done\n');
});
