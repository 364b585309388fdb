import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createDockerAdapter } from '../../main/connections/docker-adapter.js';
import { createRange } from '../../main/range/range.js';
import { builtInText, soundRunbook } from '../unit/main/runbooks/runbook-files.js';
import { describePull } from './docker-pull.contract.js';

const runbook = soundRunbook(builtInText);

describePull('the practice range', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'range-pull-'));
  const range = createRange({ folder: path.join(folder, 'range'), socketFolder: folder });
  const { engines, variables } = await range.open(runbook, { fresh: true, faults: [] });
  return {
    port: createDockerAdapter(engines[0]!.socket!),
    repository: String(variables['registry']),
    tag: runbook.practice.inRegistry![0]!,
    login: null,
    cleanUp: async () => {
      await range.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
});
