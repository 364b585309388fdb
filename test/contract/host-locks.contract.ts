import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HostLockOwner } from '../../main/connections/host-types.js';
import type { HostWorld } from './host-world.js';
import { never } from './host-world.js';

// The place is one for the whole machine, and several suites run on it at once.
const place = {
  service: `monitor-${String(process.pid)}`,
  environment: 'staging',
  as: 'login',
} as const;

const ownerOf = (operator: string, runId: string): HostLockOwner => ({
  operator,
  console: `laptop of ${operator}`,
  runId,
  since: '2026-01-02T03:04:05.000Z',
  epoch: 0,
  headHash: 'a'.repeat(64),
});

const alice = ownerOf("Alice O'Hara", 'run-a');
const bob = ownerOf('Bob', 'run-b');

/** What the lock of an environment on its host keeps. */
export function describeHostLocks(name: string, makeWorld: () => Promise<HostWorld>): void {
  describe(`the lock on the host over ${name}`, () => {
    let world: HostWorld;
    beforeEach(async () => {
      world = await makeWorld();
    });
    afterEach(async () => {
      for (const { runId } of [alice, bob]) {
        await world.port.unlock(place, runId, never).catch(() => undefined);
      }
      await world.cleanUp();
      for (const name of [place.environment, 'production']) {
        rmSync(`/var/tmp/lastgood-locks/${place.service}-${name}`, {
          recursive: true,
          force: true,
        });
      }
    });

    test('is free until somebody takes it, and free again afterwards', async () => {
      expect(await world.port.readLock(place, never)).toBeNull();
      await world.port.lock(place, alice, never);
      expect(await world.otherPort.readLock(place, never)).toEqual(alice);
      await world.port.unlock(place, alice.runId, never);
      expect(await world.otherPort.readLock(place, never)).toBeNull();
    });

    test('tells the second console who has it', async () => {
      await world.port.lock(place, alice, never);
      await expect(world.otherPort.lock(place, bob, never)).rejects.toMatchObject({
        code: 'HOST_LOCKED',
        message: expect.stringContaining(
          "Alice O'Hara on laptop of Alice O'Hara (run run-a",
        ) as string,
      });
      expect(await world.port.readLock(place, never)).toEqual(alice);
    });

    test('is one for each environment', async () => {
      const production = { ...place, environment: 'production' };
      await world.port.lock(place, alice, never);
      await world.otherPort.lock(production, bob, never);
      await world.otherPort.unlock(production, bob.runId, never);
    });

    test('of two consoles that take it at once one gets it', async () => {
      const taken = await Promise.allSettled([
        world.port.lock(place, alice, never),
        world.otherPort.lock(place, bob, never),
      ]);
      expect(taken.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    });

    test('the same run takes it again, and writes how far it is', async () => {
      await world.port.lock(place, alice, never);
      const later = { ...alice, epoch: 1, headHash: 'b'.repeat(64) };
      await world.otherPort.lock(place, later, never);
      expect(await world.port.readLock(place, never)).toEqual(later);
      const latest = { ...later, headHash: 'c'.repeat(64) };
      await world.otherPort.refreshLock(place, latest, never);
      expect(await world.port.readLock(place, never)).toEqual(latest);
    });

    test('a stale one is broken with a reason, and its run is told', async () => {
      await world.port.lock(place, alice, never);
      const broken = { runId: alice.runId, by: 'Bob', at: '2026-01-02T04:00:00.000Z' };
      await expect(
        world.otherPort.breakLock(place, { ...broken, reason: ' ' }, never),
      ).rejects.toMatchObject({ code: 'HOST_LOCK_FAILED' });
      await world.otherPort.breakLock(place, { ...broken, reason: 'her laptop is lost' }, never);
      await world.otherPort.lock(place, bob, never);
      await expect(world.port.refreshLock(place, alice, never)).rejects.toMatchObject({
        code: 'HOST_LOCK_LOST',
        message: expect.stringContaining('Bob') as string,
      });
      await expect(world.port.unlock(place, alice.runId, never)).rejects.toMatchObject({
        code: 'HOST_LOCK_LOST',
      });
      expect(await world.port.readLock(place, never)).toEqual(bob);
    });

    test('only the lock that was seen is broken', async () => {
      await world.port.lock(place, bob, never);
      const broken = {
        runId: alice.runId,
        by: 'Carol',
        at: '2026-01-02T04:00:00.000Z',
        reason: 'stale',
      };
      await expect(world.otherPort.breakLock(place, broken, never)).rejects.toMatchObject({
        code: 'HOST_LOCKED',
      });
      expect(await world.port.readLock(place, never)).toEqual(bob);
    });
  });
}
