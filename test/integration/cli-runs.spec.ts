import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { buildCommandLine, lastgood, lastgoodKilledAt } from './cli-process.js';
import type { Ended } from './cli-process.js';

const Result = z.looseObject({
  runId: z.uuid(),
  outcome: z.string(),
  steps: z.array(
    z.looseObject({
      id: z.string(),
      status: z.string(),
      looked: z.strictObject({ isDone: z.boolean().nullable(), facts: z.string() }).nullable(),
    }),
  ),
});

const Listed = z.strictObject({
  runs: z.array(
    z.looseObject({
      runId: z.uuid(),
      kind: z.enum(['drill', 'incident']),
      phase: z.string(),
      outcome: z.string().nullable(),
      unknownSteps: z.array(z.string()),
      owner: z.unknown(),
    }),
  ),
});

let home: string;

beforeAll(buildCommandLine);

beforeEach(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'lastgood-cli-runs-'));
});

afterEach(async () => {
  await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

const cli = (...args: readonly string[]): Promise<Ended> => lastgood(home, ...args);
const resultOf = ({ stdout }: Ended) => Result.parse(JSON.parse(stdout));
const runs = async () => Listed.parse(JSON.parse((await cli('runs', '--json')).stdout)).runs;
const statusOf = ({ steps }: z.infer<typeof Result>, id: string): string | undefined =>
  steps.find((step) => step.id === id)?.status;

/** A drill that was ended without a word in the middle of a slow stop. */
async function leaveBehind(): Promise<string> {
  const drill = ['drill', '--fault', 'slow', '--watch', '1s', '--yes'];
  await lastgoodKilledAt(home, '… Stop old', ...drill);
  const [run] = await runs();
  return run?.runId ?? '';
}

async function recordTypes(runId: string): Promise<string[]> {
  const text = await readFile(path.join(home, 'runs', runId, 'journal.jsonl'), 'utf8');
  const Line = z.object({ event: z.object({ type: z.string() }) });
  return text
    .trimEnd()
    .split('\n')
    .map((line) => Line.parse(JSON.parse(line)).event.type);
}

describe('a run that was left behind', () => {
  test('is listed with what nobody knows of it, and with nobody who drives it', async () => {
    const runId = await leaveBehind();
    expect(await runs()).toMatchObject([
      { runId, kind: 'drill', phase: 'executing', outcome: null, owner: null },
    ]);
    expect((await runs())[0]?.unknownSteps).toEqual(['Stop old']);
    const { stdout } = await cli('runs');
    expect(stdout).toContain('outcome unknown: Stop old');
    expect(stdout).toContain(`nobody drives it`);
    expect(stdout).toContain(`lastgood resume ${runId}`);
  });

  test('waits for the operator’s word, which it asks for by the commands to type', async () => {
    const runId = await leaveBehind();
    const waiting = await cli('resume', runId.slice(0, 8), '--yes', '--json');
    expect(waiting.code).toBe(1);
    expect(waiting.stderr).toContain(`lastgood resume ${runId} --settle stop=done`);
    expect(waiting.stderr).toContain(`lastgood resume ${runId} --settle stop=not-done`);
    expect(statusOf(resultOf(waiting), 'stop')).toBe('unknown');
    expect(resultOf(waiting).steps.find(({ id }) => id === 'stop')?.looked?.facts).toBeTruthy();
    const types = await recordTypes(runId);
    expect(types.filter((type) => type === 'step.started')).toHaveLength(4);
  });

  test('goes on to its end as it is told', async () => {
    const runId = await leaveBehind();
    const { steps } = resultOf(await cli('resume', runId, '--json'));
    const isDone = steps.find(({ id }) => id === 'stop')?.looked?.isDone === true;
    const settle = `stop=${isDone ? 'done' : 'not-done'}`;
    const ended = await cli(
      ...['resume', runId, '--settle', settle, '--evidence', 'looked on the host'],
      ...['--watch', '1s', '--yes', '--json'],
    );
    expect(resultOf(ended)).toMatchObject({ runId, kind: 'drill', outcome: 'rolled-back' });
    expect(ended.code).toBe(0);
    expect(await runs()).toMatchObject([{ runId, outcome: 'rolled-back', unknownSteps: [] }]);
    const again = await cli('resume', runId, '--yes');
    expect(again.code).toBe(1);
    expect(again.stderr).toContain('closed');
  });

  test('only settles and waits where nobody says yes', async () => {
    const runId = await leaveBehind();
    const ended = await cli('resume', runId, '--settle', 'stop=not-done', '--json');
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('give --yes');
    expect(statusOf(resultOf(ended), 'stop')).toBe('pending');
    expect((await recordTypes(runId)).at(-1)).not.toBe('unit.approved');
  });

  test('is taken back and closed', async () => {
    const runId = await leaveBehind();
    const asked = await cli('roll-forward', runId);
    expect(asked.code).toBe(1);
    expect(asked.stderr).toContain('Create replacement');
    expect(await recordTypes(runId)).not.toContain('roll-forward.requested');

    const ended = await cli('roll-forward', runId, '--reason', 'not today', '--yes', '--json');
    expect(ended.code).toBe(0);
    const result = resultOf(ended);
    expect(result.outcome).toBe('rolled-forward');
    expect([statusOf(result, 'create'), statusOf(result, 'stop')]).toEqual(['undone', 'undone']);
    expect(await runs()).toMatchObject([{ runId, outcome: 'rolled-forward' }]);
  });

  test('keeps another drill of the same place from starting until it is ended', async () => {
    const runId = await leaveBehind();
    const second = await cli('drill', '--yes');
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(runId);
  });

  test('refuses to settle what is not unknown, and what is not in the plan', async () => {
    const runId = await leaveBehind();
    const stray = await cli('resume', runId, '--settle', 'stopp=done', '--yes');
    expect(stray.code).toBe(2);
    expect(stray.stderr).toContain('find-target, create, save-log, stop');
    expect(await recordTypes(runId)).not.toContain('run.resumed');
    const known = await cli('resume', runId, '--settle', 'create=not-done', '--yes');
    expect(known.code).toBe(1);
    expect(await recordTypes(runId)).not.toContain('step.settled');
  });
});

test('a drill that had not chosen a version is not sent to a guessed one', async () => {
  await lastgoodKilledAt(home, ': going back to', 'drill', '--to', 'v1.0.0', '--yes');
  const [run] = await runs();
  const runId = run?.runId ?? '';
  const ended =
    run?.phase === 'deciding'
      ? await cli('resume', runId, '--to', 'v1.0.0', '--watch', '1s', '--yes', '--json')
      : await cli('resume', runId, '--watch', '1s', '--yes', '--json');
  expect(resultOf(ended).outcome).toBe('rolled-back');
  expect(await runs()).toMatchObject([{ toVersion: 'v1.0.0' }]);
});

describe('naming a run', () => {
  test('says that there is none', async () => {
    const { code, stderr } = await cli('resume', 'abcdef', '--yes');
    expect(code).toBe(2);
    expect(stderr).toContain('No run begins with “abcdef”');
    expect((await cli('runs')).stdout).toBe('There are no runs.\n');
  });

  test('says when the beginning fits several', async () => {
    const ids = ['1', '2'].map((last) => `aaaaaaaa-0000-4000-8000-00000000000${last}`);
    for (const id of ids) {
      await mkdir(path.join(home, 'runs', id), { recursive: true });
      await writeFile(path.join(home, 'runs', id, 'journal.jsonl'), 'not a journal\n');
    }
    const { code, stderr } = await cli('roll-forward', 'aaaa', '--yes');
    expect(code).toBe(2);
    expect(stderr).toContain('Several runs begin with “aaaa”');
    const broken = await cli('resume', ids[0] ?? '', '--yes');
    expect(broken.code).toBe(1);
    expect(await readFile(path.join(home, 'runs', ids[0] ?? '', 'journal.jsonl'), 'utf8')).toBe(
      'not a journal\n',
    );
  });
});
