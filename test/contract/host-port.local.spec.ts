import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHostAdapter } from '../../main/connections/host/host-adapter.js';
import type { LineState } from '../../main/connections/host/reconnecting.js';
import { LocalLine } from '../fakes/local-line.js';
import { testRandomDrops } from './host-drops.contract.js';
import { describeHostJobs } from './host-jobs.contract.js';
import { describeHostLocks } from './host-locks.contract.js';
import { describeHostPort } from './host-port.contract.js';
import { describeJobSecrets } from './job-secrets.contract.js';
import type { HostWorld } from './host-world.js';

const questions = { ask: () => Promise.reject(new Error('Nobody is asked here.')) };

const makeWorld = (sh: string, accountShell?: string) => (): Promise<HostWorld> => {
  const line = new LocalLine(accountShell === undefined ? { sh } : { sh, accountShell });
  const states: LineState[] = [];
  const options = {
    name: 'local',
    questions,
    cancelGraceSeconds: 1,
    delay: (_milliseconds: number, signal: AbortSignal) => sleep(10, undefined, { signal }),
  };
  const other = new LocalLine({ sh, env: { HOME: line.home } });
  const folder = join(line.home, 'data');
  mkdirSync(folder);
  return Promise.resolve({
    port: createHostAdapter(line, { ...options, onState: (state) => states.push(state) }),
    states,
    otherPort: createHostAdapter(other, options),
    folder,
    drop: () => {
      line.drop();
    },
    restore: () => {
      line.restore();
    },
    cleanUp: () => {
      other.remove();
      line.remove();
      return Promise.resolve();
    },
  });
};

describeHostPort('a local line with dash', makeWorld('/bin/dash'));
describeHostJobs('a local line with dash', makeWorld('/bin/dash'));
describeHostPort('a local line with bash', makeWorld('/bin/bash', '/bin/bash'));
describeHostJobs('a local line with bash', makeWorld('/bin/bash', '/bin/bash'));
describeHostPort('a local line with busybox', makeWorld('/bin/busybox', '/bin/dash'));
describeHostJobs('a local line with busybox', makeWorld('/bin/busybox', '/bin/dash'));
for (const sh of ['/bin/dash', '/bin/bash', '/bin/busybox']) {
  describeJobSecrets(`a local line with ${sh}`, makeWorld(sh));
}
testRandomDrops(makeWorld('/bin/dash'), { jobs: 30, seed: 4, timeoutMs: 60_000 });
describeHostLocks('a local line with dash', makeWorld('/bin/dash'));
describeHostLocks('a local line with busybox', makeWorld('/bin/busybox'));
