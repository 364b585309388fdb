import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { createRange } from '../../main/range/range.js';
import type { RangeFault } from '../../shared/drill/faults.js';
import { builtInText, soundRunbook } from '../unit/main/runbooks/runbook-files.js';

export const runbook = soundRunbook(builtInText);
export const service = runbook.service.name;

/** The practice world of the built-in swarm procedure, and one of its containers beside it. */
export async function openRangeSwarm(faults: readonly RangeFault[] = []) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'range-swarm-'));
  const range = createRange({ folder: path.join(folder, 'range'), socketFolder: folder });
  const environment = await range.open(runbook, { fresh: true, faults, procedureId: 'swarm' });
  const outside = await range.open(runbook, { fresh: true, faults: [] });
  return {
    folder,
    range,
    environment,
    socket: z.string().parse(environment.engines[0]?.socket),
    outside: z.string().parse(outside.engines[0]?.socket),
    close: async () => {
      await range.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
