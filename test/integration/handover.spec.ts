import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunEvent, RunId, RunRecord } from '../../shared/run/events.js';
import { refusalOf } from '../../shared/run/rules.js';
import { chained } from '../fakes/chained.js';
import { readyToExecute, runId as sampleRunId } from '../fakes/sample-run.js';
import { builtInText, soundRunbook } from '../unit/main/runbooks/runbook-files.js';
import { begin, executeOn, openTwoLaptops, orderOn, prepareOn, stateOn } from './laptop.js';
import type { Laptop, TwoLaptops } from './laptop.js';

const runbook = soundRunbook(builtInText);
let folder = '';
let laptops: TwoLaptops;
let mine: Laptop;
let theirs: Laptop;

beforeEach(async () => {
  laptops = await openTwoLaptops(runbook);
  ({ folder, mine, theirs } = laptops);
});

afterEach(() => laptops.close());

const fileNamed = (name: string): string => path.join(folder, `${name}.handover.json`);

async function recordsOn({ files }: Laptop, runId: RunId): Promise<readonly RunRecord[]> {
  const { records, problem } = await files.read(runId);
  expect(problem).toBeNull();
  return records;
}

async function handOver(from: Laptop, runId: RunId, to: string, name = to): Promise<string> {
  const file = fileNamed(name);
  await from.handover.handOver(runId, to, file);
  return file;
}

async function finishOn(laptop: Laptop, runId: RunId): Promise<void> {
  await executeOn(laptop, runId, null);
  await expect
    .poll(() => stateOn(laptop, runId).watch?.ended ?? null, { timeout: 20_000 })
    .not.toBeNull();
  await laptop.runs.command(runId, { type: 'close', reason: '' });
}

/** Where the run stands when it changes hands, and how it gets there. */
const points: readonly [
  string,
  (runId: RunId) => Promise<void>,
  (runId: RunId) => Promise<void>,
][] = [
  [
    'before it is decided',
    () => Promise.resolve(),
    async (runId) => {
      await orderOn(theirs, runId);
      await prepareOn(theirs, runId);
    },
  ],
  ['in the preparation', (runId) => orderOn(mine, runId), (runId) => prepareOn(theirs, runId)],
  ...(['find-target', 'stop', 'read-log', 'check-log'] as const).map(
    (step): (typeof points)[number] => [
      `before ${step}`,
      async (runId) => {
        await orderOn(mine, runId);
        await prepareOn(mine, runId);
        await executeOn(mine, runId, step);
      },
      () => Promise.resolve(),
    ],
  ),
];

describe('a run that changes hands', () => {
  test.each(points)('%s is brought to its end on the other laptop', async (_point, first, then) => {
    const runId = await begin(mine, runbook);
    await first(runId);
    const file = await handOver(mine, runId, 'Noor');

    expect(mine.runs.live(runId)).toBeNull();
    const given = await readFile(mine.paths.run(runId).journal);
    expect((await stat(file)).mode & 0o777).toBe(0o600);

    expect(await theirs.handover.takeOver(file)).toEqual({
      runId,
      isTakenBack: false,
      isClosed: false,
    });
    const taken = await readFile(theirs.paths.run(runId).journal);
    expect(taken.subarray(0, given.length)).toEqual(given);
    expect(stateOn(theirs, runId)).toMatchObject({ epoch: 1, operator: 'Noor', handedOver: null });

    await then(runId);
    await finishOn(theirs, runId);
    expect(stateOn(theirs, runId).closed?.outcome).toBe('rolled-back');
    // Not a byte of it was written here meanwhile.
    expect(await readFile(mine.paths.run(runId).journal)).toEqual(given);
    const started = (await recordsOn(theirs, runId)).filter(
      ({ event }) => event.type === 'step.started',
    );
    const ids = started.map(({ event }) => ('stepId' in event ? event.stepId : ''));
    expect(ids).toEqual([...new Set(ids)]);
    expect([...mine.faults, ...theirs.faults]).toEqual([]);
  });

  test('is only read here: nothing may be done, noted or resumed', async () => {
    const runId = await begin(mine, runbook);
    await handOver(mine, runId, 'Noor');
    await expect(mine.runs.resume(runId)).rejects.toMatchObject({ code: 'RUN_COMMAND_REFUSED' });
    await expect(mine.runs.command(runId, { type: 'note', text: 'x' })).rejects.toMatchObject({
      code: 'RUN_NOT_ATTACHED',
    });
    await expect(handOver(mine, runId, 'Somebody else')).rejects.toThrow('already handed over');
    const [summary] = await mine.runs.list();
    expect(summary).toMatchObject({ phase: 'handed over to Noor', isAttached: false });
  });

  test('leaves no secret of the service in the journal or the file', async () => {
    const runId = await begin(mine, runbook);
    await orderOn(mine, runId);
    await prepareOn(mine, runId);
    await executeOn(mine, runId, 'read-log');
    const text = 'The old setting was API_KEY=typed-in-a-hurry all along.';
    await mine.runs.command(runId, { type: 'note', text });
    const file = await handOver(mine, runId, 'Noor');
    const world = await readFile(path.join(folder, 'range', runbook.id, 'world.json'), 'utf8');
    const secret = /API_TOKEN=([0-9a-f]{48})/.exec(world)?.[1];
    expect(secret).toBeDefined();
    for (const place of [file, mine.paths.run(runId).journal]) {
      const held = await readFile(place, 'utf8');
      expect(held).not.toContain(secret);
      expect(held).not.toContain('typed-in-a-hurry');
      expect(held).toContain('The old setting was');
    }
  });

  test('is taken up once: the same file again is refused, with when and by whom', async () => {
    const runId = await begin(mine, runbook);
    const file = await handOver(mine, runId, 'Noor');
    await theirs.handover.takeOver(file);
    const before = await recordsOn(theirs, runId);
    await expect(theirs.handover.takeOver(file)).rejects.toMatchObject({
      code: 'HANDOVER_ALREADY_TAKEN',
      message: expect.stringMatching(/taken over here by Noor at 20/) as string,
    });
    expect((await recordsOn(theirs, runId)).slice(0, before.length)).toEqual(before);
    expect(refusalOf(stateOn(theirs, runId), { type: 'note', text: 'x' })).toBeNull();
  });

  test('is taken back by its own file, said as that, and then not a second time', async () => {
    const runId = await begin(mine, runbook);
    const file = await handOver(mine, runId, 'Noor');
    expect(await mine.handover.takeOver(file)).toEqual({
      ...{ runId, isTakenBack: true, isClosed: false },
    });
    const taken = (await recordsOn(mine, runId)).find(
      ({ event }) => event.type === 'run.taken-over',
    );
    expect(taken?.event).toMatchObject({ isTakenBack: true, epoch: 1, operator: 'Ada' });
    await expect(mine.handover.takeOver(file)).rejects.toMatchObject({
      code: 'HANDOVER_ALREADY_TAKEN',
      message: expect.stringContaining('taken back here by Ada') as string,
    });
  });

  test('is taken back without its file and goes on to its end', async () => {
    const runId = await begin(mine, runbook);
    await orderOn(mine, runId);
    await prepareOn(mine, runId);
    await executeOn(mine, runId, 'stop');
    await handOver(mine, runId, 'Noor');
    await mine.handover.takeBack(runId);
    await expect(mine.handover.takeBack(runId)).resolves.toBeUndefined();
    await finishOn(mine, runId);
    expect(stateOn(mine, runId).closed?.outcome).toBe('rolled-back');
  });

  test('comes home after it went on elsewhere, with all that was done there', async () => {
    const runId = await begin(mine, runbook);
    await theirs.handover.takeOver(await handOver(mine, runId, 'Noor'));
    await theirs.runs.command(runId, { type: 'note', text: 'seen from here' });
    const back = await handOver(theirs, runId, 'Ada');
    expect(await mine.handover.takeOver(back)).toEqual({
      runId,
      isTakenBack: false,
      isClosed: false,
    });
    const state = stateOn(mine, runId);
    expect(state).toMatchObject({ epoch: 2, operator: 'Ada' });
    expect(state.notes.map(({ text }) => text)).toEqual(['seen from here']);
    await mine.runs.command(runId, { type: 'note', text: 'home again' });
    expect((await recordsOn(mine, runId)).length).toBeGreaterThan(4);
  });

  test('that went two ways is refused and left as it is', async () => {
    const runId = await begin(mine, runbook);
    await theirs.handover.takeOver(await handOver(mine, runId, 'Noor'));
    await mine.handover.takeBack(runId);
    const file = await handOver(theirs, runId, 'Ada');
    const before = await recordsOn(mine, runId);
    await expect(mine.handover.takeOver(file)).rejects.toMatchObject({ code: 'HANDOVER_DIVERGED' });
    expect((await recordsOn(mine, runId)).slice(0, before.length)).toEqual(before);
  });
});

describe('what stands in the way of a hand-over', () => {
  test('another open run of the service there: nothing of the file is laid down', async () => {
    const other = await begin(theirs, runbook);
    const runId = await begin(mine, runbook).catch(() => null);
    expect(runId).not.toBeNull();
    const file = await handOver(mine, runId!, 'Noor');
    await expect(theirs.handover.takeOver(file)).rejects.toMatchObject({
      code: 'RUN_ALREADY_OPEN',
      message: expect.stringContaining(other) as string,
    });
    expect(await theirs.files.list()).toEqual([other]);
  });

  test('a folder that is not there: nothing is recorded, and the run goes on here', async () => {
    const runId = await begin(mine, runbook);
    const nowhere = path.join(folder, 'no-such-folder', 'x.json');
    await expect(mine.handover.handOver(runId, 'Noor', nowhere)).rejects.toMatchObject({
      code: 'HANDOVER_PLACE_UNFIT',
    });
    expect(stateOn(mine, runId).handedOver).toBeNull();
  });

  test('a file that cannot be put there: it is said, and the run can be taken back without one', async () => {
    const runId = await begin(mine, runbook);
    const file = fileNamed('in-the-way');
    await mkdir(path.join(file, 'something'), { recursive: true });
    await expect(mine.handover.handOver(runId, 'Noor', file)).rejects.toMatchObject({
      code: 'HANDOVER_NOT_WRITTEN',
    });
    expect(mine.runs.live(runId)).toBeNull();
    await mine.handover.takeBack(runId);
    expect(stateOn(mine, runId)).toMatchObject({ handedOver: null, epoch: 1 });
  });

  test('a file that is not there or is none', async () => {
    await expect(theirs.handover.takeOver(fileNamed('missing'))).rejects.toMatchObject({
      code: 'HANDOVER_UNREADABLE',
    });
    await writeFile(fileNamed('foreign'), 'hello');
    await expect(theirs.handover.takeOver(fileNamed('foreign'))).rejects.toMatchObject({
      code: 'HANDOVER_FOREIGN',
    });
    expect(await theirs.files.list()).toEqual([]);
  });

  test('a run that was left in the middle of a step goes out with that step unknown', async () => {
    const events: RunEvent[] = [
      ...readyToExecute(),
      ...[{ type: 'unit.approved' as const, unit: 'find', stepIds: ['find' as never] }].map(
        (approval): RunEvent => ({ ...approval, by: 'operator', typed: null, authority: null }),
      ),
      { type: 'step.started', stepId: 'find' as never, attempt: 1, before: null },
    ];
    const { folder: place, journal } = mine.paths.run(sampleRunId);
    await mkdir(place, { recursive: true });
    await writeFile(journal, chained(events).join('\n') + '\n');
    await handOver(mine, sampleRunId, 'Noor');
    const types = (await recordsOn(mine, sampleRunId)).map(({ event }) => event.type);
    expect(types.slice(-3)).toEqual(['step.started', 'step.unknown', 'run.handed-over']);
  });
});
