import { afterAll, describe, expect, it } from 'vitest';
import { AppError } from '../../shared/errors/app-error.js';
import { losesOutcome } from '../../shared/errors/error-texts.js';
import { CutEngine } from './cut-engine.js';
import {
  makeService,
  realSwarm,
  runningImages,
  seenService,
  swarmCommand,
  untilUpdate,
  updateService,
} from './real-swarm.js';
import { driveSwarm } from './swarm-driver.js';

const made: string[] = [];
const previous = { image: 'lab-service:v1.1.0', replicas: 2 };

/** A service that went from v1.1.0 to v1.2.0, driven over a line that breaks. */
async function world() {
  const name = await makeService({ replicas: 2 });
  made.push(name);
  await updateService(name, '--image', 'lab-service:v1.2.0');
  await untilUpdate(name, 'completed');
  const cuts = new CutEngine(realSwarm().socket);
  await cuts.open();
  const drive = driveSwarm(name, cuts.socket);
  const { id } = await drive.previous();
  const params = drive.paramsOf(id);
  return { name, cuts, drive, id, params, captured: await drive.capture(params) };
}

/** What the work ended in; its outcome must be called unknown. */
async function lost(work: Promise<unknown>): Promise<void> {
  const thrown: unknown = await work.catch((error: unknown) => error);
  expect(thrown instanceof AppError && losesOutcome(thrown.code)).toBe(true);
}

afterAll(async () => {
  await swarmCommand('service', 'rm', ...made);
});

describe.concurrent('a line to a real swarm that breaks', () => {
  it.each(['before', 'during', 'after'] as const)(
    '%s the engine rolls back leaves an outcome to look at, and a second try never toggles',
    async (when) => {
      const { name, cuts, drive, id, params, captured } = await world();
      try {
        const { version } = await seenService(name);
        cuts.arm({ after: 0, kind: 'change', when });
        await lost(drive.act(params, captured));
        expect(cuts.broken).toMatch(/^POST .*\/services\/.*\/update/);

        // Heard by the engine or not: what is seen through the steps is what the engine's own client sees.
        const hasBegun = (await seenService(name)).version !== version;
        expect(await drive.observe(params)).toMatchObject({ isDone: hasBegun });
        if (when !== 'during') {
          expect(hasBegun).toBe(when === 'after');
        }
        await drive.act(params, captured);
        await drive.act(params, captured);
        expect(await drive.wait(id)).toContain('2 of 2 tasks');
        expect(await seenService(name)).toMatchObject({
          ...previous,
          update: 'rollback_completed',
        });
        expect(await runningImages(name)).toEqual([previous.image, previous.image]);
      } finally {
        cuts.close();
      }
    },
  );

  it('while its tasks are waited for says so, and the next look goes on to the end', async () => {
    const { name, cuts, drive, id, params, captured } = await world();
    try {
      await drive.act(params, captured);
      // Longer than it waits between two looks: one of them meets it.
      cuts.arm({ atMs: 200, forMs: 3_000 });
      await lost(drive.wait(id));
      await expect
        .poll(() => drive.wait(id).catch(() => ''), { timeout: 60_000 })
        .toContain('2 of 2 tasks');
      expect(await seenService(name)).toMatchObject({ ...previous, update: 'rollback_completed' });
    } finally {
      cuts.close();
    }
  });

  it.each(['before', 'during', 'after'] as const)(
    '%s the engine takes the rollback back leaves what a second undo brings to its end',
    async (when) => {
      const { name, cuts, drive, id, params, captured } = await world();
      try {
        await drive.act(params, captured);
        await drive.wait(id);
        cuts.arm({ after: 0, kind: 'change', when });
        await lost(drive.undo(params, captured));
        await drive.undo(params, captured);
        expect(await seenService(name)).toMatchObject({ image: 'lab-service:v1.2.0' });
        const { version } = await seenService(name);
        expect(await drive.undo(params, captured)).toContain('was at the specification of before');
        expect((await seenService(name)).version).toBe(version);
      } finally {
        cuts.close();
      }
    },
  );
});
