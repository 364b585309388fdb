import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { AppError } from '../../shared/errors/app-error.js';
import { shellQuote } from '../../main/steps/shell-quote.js';
import type { HostWorld } from './host-world.js';
import { never, Notes } from './host-world.js';

/** Small, seeded, the same everywhere. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

type Options = { readonly jobs: number; readonly seed: number; readonly timeoutMs: number };

/** Drops of the line at random moments of many jobs, the first ones included. */
export function testRandomDrops(
  makeWorld: () => Promise<HostWorld>,
  { jobs, seed, timeoutMs }: Options,
): void {
  const title = `${jobs} jobs whose line drops at random moments: none succeeds falsely, none runs twice, all are picked up`;
  test(
    title,
    async () => {
      const world = await makeWorld();
      const random = seededRandom(seed);
      try {
        for (let number = 0; number < jobs; number += 1) {
          await runOne(world, number, random);
        }
      } finally {
        await world.cleanUp();
      }
    },
    timeoutMs,
  );
}

async function runOne(world: HostWorld, number: number, random: () => number): Promise<void> {
  const folder = join(world.folder, `drops-${number}`);
  mkdirSync(folder);
  const lines = 5 + Math.floor(random() * 20);
  const exitCode = random() < 0.3 ? 1 + Math.floor(random() * 80) : 0;
  const script = (part: number, code: number): string =>
    `cd ${shellQuote(folder)}; echo ran >>part-${part}; i=0
while [ $i -lt ${lines} ]; do i=$((i + 1)); echo "${part} line $i"; echo "${part} error $i" >&2; sleep 0.01; done
exit ${code}`;
  const notes = new Notes();
  const id = { runId: 'drops', name: `job-${number}` };
  const running = world.port.run(
    {
      id,
      as: 'login',
      parts: [
        { name: 'first', script: script(1, 0) },
        { name: 'second', script: script(2, exitCode) },
      ],
    },
    notes,
    never,
  );
  const done = running.catch((error: unknown) => error);
  for (let drops = 1 + Math.floor(random() * 3); drops > 0; drops -= 1) {
    await sleep(random() * 250);
    world.drop();
    await sleep(random() * 150);
    world.restore();
  }
  const state = await done;
  if (state instanceof Error) {
    // Cut off before anything was sent: nothing may have begun, and asking again is safe.
    expect(state).toMatchObject({ code: 'HOST_UNREACHABLE' });
    expect(await lookAgain(() => world.port.job(id, never))).toEqual({ status: 'absent' });
    writeFileSync(join(folder, 'part-1'), '');
    return;
  }
  const expected = (part: number, word: string): string[] =>
    Array.from({ length: lines }, (_, index) => `${part} ${word} ${index + 1}`);
  expect(state).toMatchObject({
    status: 'ended',
    parts: [
      { status: 'done', exitCode: 0, summary: `1 line ${lines}` },
      exitCode === 0
        ? { status: 'done', exitCode, summary: `2 line ${lines}` }
        : { status: 'failed', exitCode, summary: `2 error ${lines}` },
    ],
  });
  expect(notes.lines).toEqual([...expected(1, 'line'), ...expected(2, 'line')]);
  expect(notes.errors).toEqual([...expected(1, 'error'), ...expected(2, 'error')]);
  expect(['part-1', 'part-2'].map((file) => readFileSync(join(folder, file), 'utf8'))).toEqual([
    'ran\n',
    'ran\n',
  ]);
}

const mostLooks = 10;

/**
 * A look may meet a shell that was begun while the line was cut and has not ended of it yet. The look is lost with it, and
 * may be asked again because it only reads.
 */
async function lookAgain<T>(look: () => Promise<T>, left = mostLooks): Promise<T> {
  try {
    return await look();
  } catch (thrown) {
    if (left === 1 || !(thrown instanceof AppError) || thrown.code !== 'HOST_LINE_LOST') {
      throw thrown;
    }
    return lookAgain(look, left - 1);
  }
}
