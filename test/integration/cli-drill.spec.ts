import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

const checkout = path.resolve(import.meta.dirname, '../..');
const parcelTracker = path.join(checkout, 'test/fixtures/runbooks/parcel-tracker.yaml');

/** What `--json` promises to other programs: more may join, nothing may go. */
const DrillResult = z.looseObject({
  runId: z.uuid(),
  kind: z.literal('drill'),
  outcome: z.enum(['rolled-back', 'rolled-forward', 'abandoned']),
  rollbackSeconds: z.number().nonnegative().nullable(),
  downtimeSeconds: z.number().nonnegative(),
  unhealthySeconds: z.number().nonnegative(),
  steps: z.array(
    z.looseObject({
      id: z.string(),
      kind: z.string(),
      status: z.string(),
      seconds: z.number().nonnegative().nullable(),
    }),
  ),
  reports: z.strictObject({ markdown: z.string(), json: z.string() }),
});

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

let home: string;

beforeEach(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'lastgood-cli-'));
});

afterEach(async () => {
  await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

/** As `npm run --silent lastgood -- …` runs it. */
async function lastgood(...args: readonly string[]): Promise<Ended> {
  const command = [path.join(checkout, 'scripts/lastgood.mjs'), ...args];
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1', LASTGOOD_HOME: home };
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: checkout, env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, stdout, stderr });
    });
  });
}

describe('a drill from the command line', () => {
  test.each([
    { name: 'the built-in runbook', args: [], service: 'tradewizard-monitor', to: 'v1.1.0' },
    {
      name: 'a runbook file of another service',
      args: ['--runbook', parcelTracker, '--procedure', 'container'],
      service: 'parcel-tracker',
      to: '2024.10',
    },
  ])('rolls back with $name and says so as one object', async ({ args, service, to }) => {
    const out = path.join(home, 'reports');
    const { code, stdout, stderr } = await lastgood(
      ...['drill', ...args, '--watch', '2s', '--out', out, '--yes', '--json'],
    );
    expect(stderr).toContain('Report: ');
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    const result = DrillResult.parse(JSON.parse(stdout));
    expect(result.outcome).toBe('rolled-back');
    expect(result.rollbackSeconds).toBeGreaterThan(0);
    expect(result.downtimeSeconds).toBeGreaterThan(0);
    expect(new Set(result.steps.map(({ status }) => status))).toEqual(new Set(['succeeded']));
    expect(path.dirname(result.reports.json)).toBe(out);
    const report: unknown = JSON.parse(await readFile(result.reports.json, 'utf8'));
    expect(report).toMatchObject({
      runId: result.runId,
      outcome: 'rolled-back',
      service: { name: service },
      to: { version: to },
      watch: { verdict: 'pass' },
    });
    expect(await readFile(result.reports.markdown, 'utf8')).toContain(service);
  });

  test('goes to the version it is told to', async () => {
    const { code, stdout } = await lastgood(
      ...['drill', '--to', 'v1.0.0', '--watch', '1s', '--yes', '--json'],
    );
    expect(code).toBe(0);
    const { reports } = DrillResult.parse(JSON.parse(stdout));
    const report: unknown = JSON.parse(await readFile(reports.json, 'utf8'));
    expect(report).toMatchObject({ to: { version: 'v1.0.0' } });
  });

  test('loads a version that only the registry has before it stops anything', async () => {
    const { code, stdout, stderr } = await lastgood(
      ...['drill', '--from-registry', '--to', 'v0.9.0', '--watch', '1s', '--yes', '--json'],
    );
    expect(stderr).toMatch(/✓ Load image .* is on the engine as/);
    expect(code).toBe(0);
    const { outcome, steps } = DrillResult.parse(JSON.parse(stdout));
    expect(outcome).toBe('rolled-back');
    expect(steps[0]).toMatchObject({ kind: 'docker.pull', status: 'succeeded' });
  });

  test('takes everything back and ends with 1 when a step fails', async () => {
    const { code, stdout, stderr } = await lastgood(
      ...['drill', '--fault', 'port-taken', '--yes', '--json'],
    );
    expect(code).toBe(1);
    expect(stderr).toContain('Taking everything back: Start target failed');
    const result = DrillResult.parse(JSON.parse(stdout));
    expect(result).toMatchObject({ outcome: 'rolled-forward', rollbackSeconds: null });
    expect(result.steps.find(({ id }) => id === 'start')).toMatchObject({ status: 'undone' });
  });

  test('approves nothing by itself where nobody can be asked', async () => {
    const { code, stdout, stderr } = await lastgood('drill', '--json');
    expect(code).toBe(1);
    expect(stderr).toContain('Give --yes to approve every step.');
    const { steps } = DrillResult.parse(JSON.parse(stdout));
    expect(steps.filter(({ seconds }) => seconds !== null)).toEqual([]);
  });
});

describe('bad input', () => {
  test.each([
    { args: ['dril'], says: 'There is no command “dril”.' },
    { args: ['drill', '--watch', 'soon'], says: '--watch soon is not a length of time.' },
    { args: ['drill', '--colour'], says: "'--colour'" },
    { args: ['drill', '--environment', 'moon', '--yes'], says: 'has no environment moon' },
    { args: ['drill', '--procedure', 'magic', '--yes'], says: 'has no procedure magic' },
    { args: ['drill', '--to', 'v9', '--yes'], says: 'There is no version v9' },
    { args: ['drill', '--runbook', '/nothing/here.yaml', '--yes'], says: '/nothing/here.yaml' },
    { args: ['drill', '--fault', 'earthquake', '--yes'], says: 'earthquake' },
  ])('ends with 2 and says what is wrong: $args', async ({ args, says }) => {
    const { code, stdout, stderr } = await lastgood(...args);
    expect(stderr).toContain(says);
    expect(code).toBe(2);
    expect(stdout).toBe('');
  });

  test('of a runbook names the line and the column', async () => {
    const file = path.join(home, 'broken.yaml');
    const text = await readFile(parcelTracker, 'utf8');
    await writeFile(file, text.replace('port: 8088', 'port: many'));
    const line = text.split('\n').findIndex((each) => each.includes('port: 8088')) + 1;
    const { code, stderr } = await lastgood('drill', '--runbook', file, '--yes');
    expect(stderr).toMatch(new RegExp(`${String(line)}:\\d+`));
    expect(code).toBe(2);
  });
});

test('explains every option of a drill', async () => {
  const { code, stdout } = await lastgood('drill', '--help');
  expect(code).toBe(0);
  const options = ['runbook', 'environment', 'procedure', 'to', 'watch', 'out', 'fault', 'yes'];
  for (const option of [...options, 'json', 'help']) {
    expect(stdout).toMatch(new RegExp(`^ {2}--${option}\\b.* {2}\\S`, 'm'));
  }
});
