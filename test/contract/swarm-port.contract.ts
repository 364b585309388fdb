import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SwarmLogLine, SwarmPort } from '../../main/connections/ports.js';

const signal = AbortSignal.timeout(600_000);

/** What a world must bring along so that the suite can run on it. */
export type SwarmWorld = {
  readonly port: SwarmPort;
  /** The same engine where nobody listens. */
  readonly unreachable: SwarmPort;
  /** An engine that manages no swarm. */
  readonly outside: SwarmPort;
  /** The name of a service that was changed from `before` to two replicas of `now`, and has settled. */
  makeService(): Promise<string>;
  readonly images: { readonly before: string; readonly now: string };
  cleanUp(): Promise<void>;
};

export function describeSwarmPort(name: string, open: () => Promise<SwarmWorld>): void {
  describe(`the services of a swarm behind ${name}`, () => {
    let world: SwarmWorld;
    let service: string;

    beforeAll(async () => {
      world = await open();
      service = await world.makeService();
    });
    afterAll(async () => {
      await world.cleanUp();
    });

    const seen = async () => (await world.port.service(service, signal))!;

    test('tells both specifications, and finds a service by its whole name or id only', async () => {
      const found = await seen();
      expect(found.spec).toMatchObject({
        TaskTemplate: { ContainerSpec: { Image: world.images.now } },
        Mode: { Replicated: { Replicas: 2 } },
      });
      expect(found.previousSpec).toMatchObject({
        TaskTemplate: { ContainerSpec: { Image: world.images.before } },
      });
      expect(await world.port.service(found.id, signal)).toEqual(found);
      expect(await world.port.service(service.slice(0, -1), signal)).toBeNull();
      expect(await world.port.service(found.id.slice(0, 10), signal)).toBeNull();
    });

    test('lists the tasks with their containers', async () => {
      const tasks = await world.port.tasks((await seen()).id, signal);
      const running = tasks.filter(({ state }) => state === 'running');
      expect(running.map(({ slot }) => slot).toSorted()).toEqual([1, 2]);
      expect(running.every(({ containerId }) => containerId !== null)).toBe(true);
      expect(running[0]?.containerSpec).toMatchObject({ Image: world.images.now });
    });

    test('reads and follows the lines of every task, and says whose they are', async () => {
      const { id } = await seen();
      const ids = (await world.port.tasks(id, signal)).map((task) => task.id);
      const lines = await world.port.readLog(id, { tail: 5 }, signal);
      expect(lines.length).toBeGreaterThan(0);
      expect(lines.every(({ taskId }) => ids.includes(taskId))).toBe(true);
      expect(lines.every(({ text }) => !text.includes('com.docker.swarm'))).toBe(true);

      const leave = new AbortController();
      const followed: SwarmLogLine[] = [];
      const onLine = (line: SwarmLogLine): void => {
        followed.push(line);
        leave.abort();
      };
      await world.port.followLog(id, { tail: 1, onLine }, leave.signal);
      expect(followed.length).toBeGreaterThan(0);
    });

    test('rolls back and puts back by version only: an old version changes nothing', async () => {
      const first = await seen();
      await world.port.rollBack(first, signal);
      const back = await seen();
      expect(back.spec).toEqual(first.previousSpec);
      expect(back.previousSpec).toEqual(first.spec);
      expect(back.update?.state).toMatch(/^rollback_/);

      // Answered twice, it would toggle.
      const code = { code: 'SWARM_CHANGED' };
      await expect(world.port.rollBack(first, signal)).rejects.toMatchObject(code);
      await expect(world.port.putBackPrevious(first, signal)).rejects.toMatchObject(code);
      expect((await seen()).spec).toEqual(first.previousSpec);

      await expect
        .poll(async () => (await seen()).update?.state, { timeout: 60_000 })
        .toBe('rollback_completed');
      await world.port.putBackPrevious(await seen(), signal);
      expect((await seen()).spec).toEqual(first.spec);
      expect((await seen()).previousSpec).toEqual(first.previousSpec);
    });

    test('says that an engine manages no swarm, or does not answer', async () => {
      const none = { code: 'SWARM_NOT_MANAGER' };
      await expect(world.outside.node(signal)).rejects.toMatchObject(none);
      await expect(world.outside.service('web', signal)).rejects.toMatchObject(none);
      const gone = { code: 'DOCKER_UNREACHABLE' };
      await expect(world.unreachable.node(signal)).rejects.toMatchObject(gone);
      await expect(world.unreachable.service('web', signal)).rejects.toMatchObject(gone);
    });
  });
}
