import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DockerPort, PullProgress, RegistryLogin } from '../../main/connections/ports.js';

const signal = AbortSignal.timeout(120_000);

/** What a world must bring along so that the suite can run on it. */
export type PullWorld = {
  readonly port: DockerPort;
  /** As the engine asks for it: with its registry's name. */
  readonly repository: string;
  /** Only the registry has it. */
  readonly tag: string;
  readonly login: RegistryLogin | null;
  cleanUp(): Promise<void>;
};

/** What only a registry has: one suite for the fake, the range and a real engine with a real registry. */
export function describePull(name: string, setUp: () => Promise<PullWorld>): void {
  describe(`images of a registry behind ${name}`, () => {
    let world: PullWorld;
    let port: DockerPort;
    beforeEach(async () => {
      world = await setUp();
      ({ port } = world);
    });
    afterEach(async () => {
      await world.cleanUp();
    });

    const pull = async (reference: string): Promise<readonly PullProgress[]> => {
      const told: PullProgress[] = [];
      await port.pull(reference, world.login, (progress) => told.push(progress), signal);
      return told;
    };

    test('tells the digest of a tag without loading anything', async () => {
      const { repository, tag, login } = world;
      const digest = await port.digestOf(`${repository}:${tag}`, login, signal);
      expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
      await expect(port.image(`${repository}@${digest}`, signal)).rejects.toMatchObject({
        code: 'DOCKER_IMAGE_MISSING',
      });
    });

    test('loads by digest, layer by layer, gives the image no tag, and again without harm', async () => {
      const { repository, tag, login } = world;
      const digest = await port.digestOf(`${repository}:${tag}`, login, signal);
      const pinned = `${repository}@${digest}`;
      const told = await pull(pinned);
      const finished = told.filter(({ status }) => status === 'Pull complete');
      expect(finished.length).toBeGreaterThan(0);
      const loading = told.find(({ doneBytes }) => doneBytes !== null);
      expect(loading?.totalBytes).toBeGreaterThanOrEqual(loading?.doneBytes ?? 0);
      expect(told.filter(({ status }) => status === 'Downloading').length).toBeGreaterThan(0);

      const found = await port.image(pinned, signal);
      expect(found.digests).toContain(pinned);
      expect(found.tags).toEqual([]);

      const again = await pull(pinned);
      expect(again.filter(({ status }) => status === 'Pull complete')).toEqual([]);
      expect((await port.image(pinned, signal)).id).toBe(found.id);

      await port.removeImage(found.id, signal);
      await expect(port.image(pinned, signal)).rejects.toMatchObject({
        code: 'DOCKER_IMAGE_MISSING',
      });
    });

    test('loads by tag and gives the image that name', async () => {
      const { repository, tag } = world;
      await pull(`${repository}:${tag}`);
      const found = await port.image(`${repository}:${tag}`, signal);
      expect(found.tags).toEqual([`${repository}:${tag}`]);
      expect((await port.images(repository, signal)).map(({ id }) => id)).toEqual([found.id]);
    });

    test('says what the registry does not have, and has loaded nothing then', async () => {
      const { repository, login } = world;
      const refused = { code: 'DOCKER_REFUSED' };
      const unknown = `${repository}:never-built`;
      await expect(port.digestOf(unknown, login, signal)).rejects.toMatchObject(refused);
      await expect(pull(unknown)).rejects.toMatchObject(refused);
      const pinned = `${repository}@sha256:${'0'.repeat(64)}`;
      await expect(pull(pinned)).rejects.toMatchObject(refused);
      expect(await port.images(repository, signal)).toEqual([]);
    });
  });
}
