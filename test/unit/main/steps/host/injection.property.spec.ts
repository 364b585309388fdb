import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { toolConnection } from '../../../../../main/connections/database-tools/tool-connection.js';
import type { ToolPlace } from '../../../../../main/connections/ports.js';
import { kindOf, stepKinds } from '../../../../../main/steps/registry.js';
import type { JobSite } from '../../../../../main/steps/step-kind.js';
import { AppError } from '../../../../../shared/errors/app-error.js';
import type { Json } from '../../../../../shared/json.js';
import { samples } from './hostile-samples.js';
import { shellHost } from '../../../../fakes/shell-host.js';

// Each example starts a shell.
vi.setConfig({ testTimeout: 180_000 });

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lastgood-inject-'));
  mkdirSync(join(folder, 'bin'));
  mkdirSync(join(folder, 'work'));
  // Nothing real is to be had but the shell itself: every program that is called only says so.
  for (const name of [
    'git',
    'pm2',
    'systemctl',
    'mv',
    'rm',
    'ln',
    'cp',
    'npm',
    'node',
    'mkdir',
    'chown',
    'chmod',
    'setsid',
    'timeout',
    'runuser',
    'setpriv',
    'sudo',
    'env',
    'journalctl',
    'kill',
    'mktemp',
    'sleep',
  ]) {
    writeFileSync(join(folder, 'bin', name), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  }
  // A server that answers everything with nothing, so that the scripts come further.
  for (const name of ['psql', 'pg_dump', 'pg_restore']) {
    writeFileSync(join(folder, 'bin', name), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  }
  writeFileSync(join(folder, 'bin', 'injected'), `#!/bin/sh\n: >${join(folder, 'injected')}\n`, {
    mode: 0o755,
  });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const nasty = fc.constantFrom(
  '$(injected)',
  '`injected`',
  "'; injected; '",
  '"; injected; "',
  '\ninjected\n',
  '; injected #',
  '&& injected',
  '| injected',
  '$IFS',
  '-rf',
  '--',
  '*',
  '~',
  '\\',
  "'",
  '"',
  ' ',
  '\u0000',
  '\u2028',
  '<(injected)',
  '${x:=$(injected)}',
  'é',
  '\ud800',
);
const word = fc
  .array(fc.oneof(nasty, fc.string({ maxLength: 5 })), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(''));

test('every kind that is a script on a host is tried here', () => {
  const scripted = Object.values(stepKinds).flatMap((kind) =>
    'script' in kind ? [kind.kind] : [],
  );
  expect(Object.keys(samples).toSorted()).toEqual(scripted.toSorted());
});

test.each(['dash', 'bash'])(
  'no version, path or name becomes a command in %s: it is refused, or comes through as data',
  (shell) => {
    let ran = 0;
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(samples)), word, fc.nat(), (kind, bad, choice) => {
        const all = samples[kind]?.(bad) ?? [];
        const chosen = all[choice % all.length];
        if (chosen === undefined) {
          return;
        }
        for (const script of scriptsOf(kind, ...chosen)) {
          ran += 1;
          execute(shell, script);
          expect(existsSync(join(folder, 'injected'))).toBe(false);
          expect(readdirSync(join(folder, 'work'))).toEqual([]);
        }
      }),
      { numRuns: 250 },
    );
    expect(ran).toBeGreaterThan(50);
  },
);

function siteOf(kind: string): JobSite {
  const program = (name: string) => ({
    path: join(folder, 'bin', name),
    version: '15.0',
    major: 15,
  });
  const tools: ToolPlace = {
    kind: 'host',
    name: 'app-1',
    host: shellHost(),
    as: 'login',
    survivesLaptop: true,
    programs: {
      pg_dump: program('pg_dump'),
      pg_restore: program('pg_restore'),
      psql: program('psql'),
    },
    connection: toolConnection({
      name: 'main',
      place: { host: 'localhost', port: 5432, database: 'shop', user: 'app', tls: 'off' },
      dials: null,
      psql: program('psql').path,
      systemIdentifier: null,
      password: () => Promise.resolve(''),
    }),
    reason: 'there is no other',
  };
  return {
    port: tools.host,
    as: 'login',
    secrets: tools.connection.secrets,
    tools: kind.startsWith('postgres.') ? tools : null,
  };
}

/** None where the params are refused; that must be said as such, and by nothing else. */
function scriptsOf(name: string, params: Json, before: Json): readonly string[] {
  const kind = kindOf(name);
  if (!('script' in kind)) {
    throw new Error(`${name} is no script.`);
  }
  try {
    const site = siteOf(kind.kind);
    const script = kind.script(params, before, site);
    return kind.isReversible ? [script, kind.undoScript(params, before, site)] : [script];
  } catch (thrown) {
    expect(thrown instanceof AppError ? thrown.code : thrown).toBe('STEP_PARAMS_INVALID');
    return [];
  }
}

/** The script may fail, and does; what is asked is only what else it did. */
function execute(shell: string, script: string): void {
  try {
    execFileSync(shell, ['-c', script, '/nowhere/run/job/1.sh'], {
      cwd: join(folder, 'work'),
      env: { PATH: `${join(folder, 'bin')}:/usr/bin:/bin`, HOME: join(folder, 'work') },
      stdio: 'ignore',
      timeout: 10_000,
    });
  } catch {
    // As expected.
  }
}

test('the trap is sharp: what is not quoted is caught', () => {
  execute('dash', 'value=$(injected)');
  expect(existsSync(join(folder, 'injected'))).toBe(true);
  rmSync(join(folder, 'injected'));
});
