import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { buildCommandLine, lastgood, lastgoodKilledAt } from './cli-process.js';

const Result = z.looseObject({
  runId: z.uuid(),
  outcome: z.string(),
  unhealthySeconds: z.number(),
  steps: z.array(z.looseObject({ id: z.string(), status: z.string() })),
});

let home: string;

beforeAll(buildCommandLine);
beforeEach(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'lastgood-range-swarm-'));
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

const drill = ['drill', '--procedure', 'swarm', '--watch', '1s', '--yes', '--json'] as const;

const Journalled = z.looseObject({ event: z.looseObject({ type: z.string() }) });

async function eventsOf(runId: string): Promise<readonly string[]> {
  const text = await readFile(path.join(home, 'runs', runId, 'journal.jsonl'), 'utf8');
  expect(text).not.toContain('API_TOKEN=');
  const lines = text.trim().split('\n');
  return lines.map((line) => Journalled.parse(JSON.parse(line)).event.type);
}

test('the swarm procedure is drilled on the practice range like the one of containers', async () => {
  const { code, stdout, stderr } = await lastgood(home, ...drill);
  expect(stderr).toContain('2 of 2 tasks of tradewizard-monitor run by the wanted specification');
  expect(code).toBe(0);
  const { outcome, runId, steps } = Result.parse(JSON.parse(stdout));
  expect(outcome).toBe('rolled-back');
  expect(new Set(steps.map(({ status }) => status))).toEqual(new Set(['succeeded']));
  expect(await eventsOf(runId)).toContain('run.started');
});

test('a rollback that its health check stops is said with the task, and taken back', async () => {
  const { code, stdout, stderr } = await lastgood(home, ...drill, '--fault', 'never-healthy');
  expect(stderr).toMatch(/✗ Wait for tasks: .*rollback paused: update paused due to failure/);
  expect(stderr).toContain('The specification of before (tradewizard-monitor:v1.2.0) is put back.');
  expect(code).toBe(1);
  expect(Result.parse(JSON.parse(stdout))).toMatchObject({ outcome: 'rolled-forward' });
});

test('an order whose answer is lost is unknown until it has been looked at, and never given twice', async () => {
  const { code, stdout, stderr } = await lastgood(home, ...drill, '--fault', 'engine-unreachable');
  expect(stderr).toContain('? Roll back service: outcome unknown');
  expect(stderr).toContain('looked: tradewizard-monitor is at the chosen specification');
  expect(stderr).toContain('The specification of before (tradewizard-monitor:v1.2.0) is put back.');
  expect(code).toBe(1);
  expect(Result.parse(JSON.parse(stdout))).toMatchObject({ outcome: 'rolled-forward' });
});

test('a fault that a swarm cannot meet is refused before anything is begun', async () => {
  const { code, stderr } = await lastgood(home, ...drill, '--fault', 'port-taken');
  expect(code).toBe(2);
  expect(stderr).toContain(
    'Possible there: engine-unreachable, ignores-stop, never-healthy, slow.',
  );
  expect((await lastgood(home, 'runs', '--json')).stdout).not.toMatch(/[0-9a-f]{8}-[0-9a-f-]{27}/);
});

test('a console killed in the middle finds the swarm where it left it, and goes on', async () => {
  await lastgoodKilledAt(home, '… Wait for tasks', ...drill);
  const runs = await lastgood(home, 'runs', '--json');
  const runId = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(runs.stdout)![0];
  const settle = ['--settle', 'wait-updated=not-done'];
  const go = ['--watch', '1s', '--yes', '--json'];
  const { stdout, stderr } = await lastgood(home, 'resume', runId, ...settle, ...go);
  expect(stderr).toContain('2 of 2 tasks of tradewizard-monitor run by the wanted specification');
  expect(Result.parse(JSON.parse(stdout))).toMatchObject({ outcome: 'rolled-back' });
});
