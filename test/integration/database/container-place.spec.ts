import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testRandomDrops } from '../../contract/host-drops.contract.js';
import { describeHostJobs } from '../../contract/host-jobs.contract.js';
import { describeHostPort } from '../../contract/host-port.contract.js';
import type { HostWorld } from '../../contract/host-world.js';
import { never } from '../../contract/host-world.js';
import { describeJobSecrets } from '../../contract/job-secrets.contract.js';
import { ContainerLab } from './container-lab.js';
import { describeContainerWays } from './container-ways.js';

let lab: ContainerLab;
beforeAll(async () => {
  lab = await ContainerLab.start();
  await lab.run('db');
});
afterAll(async () => {
  await lab.stop();
});

const makeWorld = () => Promise.resolve(lab.hostWorld('db'));
const name = 'a container whose first process is PostgreSQL';

let kept: ReturnType<ContainerLab['hostWorld']> | null = null;
/** Making one takes a second, and jobs of these suites have names of their own. */
function keptWorld(): Promise<HostWorld> {
  kept ??= lab.hostWorld('db');
  const { states } = kept;
  states.splice(0, states.length, ...states.slice(-1));
  const folder = mkdtempSync(join(lab.folder, 'data-'));
  return Promise.resolve({
    ...kept,
    folder,
    drop: () => {
      kept?.drop();
      kept?.hangUp();
    },
    cleanUp: async () => {
      await kept?.otherPort.cleanUp('run-1', never);
    },
  });
}

describeHostPort(name, keptWorld);
describeHostJobs(name, keptWorld);
describeJobSecrets(name, makeWorld);
testRandomDrops(makeWorld, { jobs: 5, seed: 11, timeoutMs: 60_000 });
describeContainerWays(() => lab);

test('after all of this the server has never crashed, and no process is left', async () => {
  await kept?.cleanUp();
  await lab.letGo();
  await expect.poll(() => lab.foreign('db'), { timeout: 20_000 }).toEqual([]);
  expect(lab.hasNeverCrashed('db')).toBe(true);
});
