import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll } from 'vitest';
import { createHostAdapter } from '../../main/connections/host/host-adapter.js';
import type { LineState } from '../../main/connections/host/reconnecting.js';
import { testRandomDrops } from './host-drops.contract.js';
import { describeHostJobs } from './host-jobs.contract.js';
import { describeHostPort } from './host-port.contract.js';
import { describeJobSecrets } from './job-secrets.contract.js';
import type { HostWorld } from './host-world.js';
import { CuttableWay } from './cuttable-way.js';
import { startPrivateSshd } from './private-sshd.js';
import type { PrivateSshd } from './private-sshd.js';
import { SshTestLine } from './ssh-test-line.js';

let sshd: PrivateSshd;
beforeAll(async () => {
  sshd = await startPrivateSshd();
});
afterAll(async () => {
  await sshd.stop();
});

const questions = { ask: () => Promise.reject(new Error('Nobody is asked here.')) };

async function makeWorld(): Promise<HostWorld> {
  const way = new CuttableWay({ port: sshd.port });
  await way.open();
  const line = new SshTestLine(sshd, way.port);
  const other = new SshTestLine(sshd, sshd.port);
  const states: LineState[] = [];
  const options = {
    name: 'loopback',
    questions,
    cancelGraceSeconds: 1,
    delay: (_milliseconds: number, signal: AbortSignal) => sleep(50, undefined, { signal }),
  };
  const otherPort = createHostAdapter(other, options);
  return {
    port: createHostAdapter(line, { ...options, onState: (state) => states.push(state) }),
    states,
    otherPort,
    folder: mkdtempSync(join(sshd.folder, 'data-')),
    drop: () => {
      way.cut();
    },
    restore: () => {
      way.restore();
    },
    cleanUp: async () => {
      const stop = new AbortController();
      await otherPort.cleanUp('run-1', stop.signal);
      await otherPort.cleanUp('drops', stop.signal);
      way.close();
      await line.close();
      await other.close();
    },
  };
}

describeHostPort('a real sshd', makeWorld);
describeJobSecrets('a real sshd', makeWorld);
describeHostJobs('a real sshd', makeWorld);
testRandomDrops(makeWorld, { jobs: 10, seed: 7, timeoutMs: 60_000 });
