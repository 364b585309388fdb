import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCuts } from '../cut/cut-test.mjs';
import { faultsOf } from '../cut/round.mjs';
import { buildCommandLine } from './cli-process.js';
import { realEngine } from './real-engine.js';
import { hostsMayBeMissing } from './real-hosts.js';

const cli = path.resolve(import.meta.dirname, '../../out/main/cli.cjs');

/** `npm run test:cut` cuts more often and for longer. */
describe.skipIf(hostsMayBeMissing)(
  'a rollback whose line is cut or whose host stands still',
  () => {
    beforeAll(buildCommandLine);

    it('is brought to its end, claims nothing that is not so, and does nothing twice', async () => {
      const said: string[] = [];
      const rounds = await runCuts({
        engine: { electron: process.execPath, cli },
        socket: realEngine().socket,
        ...{ runs: 10, seed: 2026, beside: 2, from: 0.5, to: 2 },
        procedures: ['systemd'],
        say: (line) => said.push(line),
      });

      expect(rounds.flatMap(faultsOf), said.join('\n')).toEqual([]);
      expect(rounds).toHaveLength(10);
      expect(rounds.filter(({ hasHit }) => hasHit).length).toBeGreaterThan(5);
    }, 240_000);
  },
);
