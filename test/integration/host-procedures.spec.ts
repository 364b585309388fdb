import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { openMachine } from '../lab/hosts/hosts.mjs';
import type { Machine } from '../lab/hosts/machine.mjs';
import { buildCommandLine, lastgood, lastgoodKilledAt } from './cli-process.js';
import type { Ended } from './cli-process.js';
import {
  arrived,
  askedOfSystemctl,
  forgetStarts,
  leftBehind,
  listenToSystemctl,
  makeStopsSlow,
  servedVersion,
  sightOf,
  startsOf,
} from './host-sights.js';
import type { Procedure } from './host-sights.js';
import { realEngine } from './real-engine.js';
import { hostsMayBeMissing, realHosts } from './real-hosts.js';

const runbook = path.resolve(import.meta.dirname, '../fixtures/hosts/lab-host.yaml');
const procedures: readonly Procedure[] = ['systemd', 'pm2', 'git'];
const target = 'v1.1.0';

const Result = z.looseObject({
  runId: z.uuid(),
  outcome: z.string(),
  steps: z.array(z.looseObject({ id: z.string(), status: z.string() })),
});
type Result = z.infer<typeof Result>;

const Line = z.object({
  event: z.looseObject({ type: z.string(), stepId: z.string().optional() }),
});

/** One piece of work on the host, so that nothing of the line lies between stop and start. */
const cutover: Record<Procedure, readonly string[]> = {
  systemd: ['stop', 'switch', 'restore-env', 'start'],
  pm2: ['stop', 'switch', 'replace', 'save'],
  git: ['stop', 'switch', 'start'],
};

describe.skipIf(hostsMayBeMissing)('a rollback on a real host from the command line', () => {
  let app: Machine;
  let folder: string;
  let home: string;

  beforeAll(async () => {
    await buildCommandLine();
    app = await openMachine(realEngine().socket, 'app');
    folder = await mkdtemp(path.join(os.tmpdir(), 'lastgood-hosts-'));
    const known = path.join(folder, 'known_hosts');
    const config = path.join(folder, 'ssh_config');
    await writeFile(known, `${app.knownHosts.join('\n')}\n`);
    await writeFile(
      config,
      `Host lab-app
  HostName ${app.address}
  Port ${String(app.port)}
  User deploy
  IdentityFile ${realHosts().keys.lab}
  IdentitiesOnly yes
  UserKnownHostsFile ${known}
  StrictHostKeyChecking yes
`,
    );
    vi.stubEnv('LASTGOOD_SSH_CONFIG', config);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await app.remove();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'lastgood-host-console-'));
    await forgetStarts(app);
  });
  afterEach(async () => {
    await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  });

  const drill = (procedure: Procedure, file = runbook, to = target): readonly string[] => [
    ...['drill', '--runbook', file, '--environment', procedure, '--procedure', procedure],
    ...['--to', to, '--watch', '1s', '--yes', '--json'],
  ];
  const resultOf = (ended: Ended): Result => {
    expect(ended.stdout, ended.stderr).not.toBe('');
    return Result.parse(JSON.parse(ended.stdout));
  };
  const journalOf = (runId: string): string => path.join(home, 'runs', runId, 'journal.jsonl');
  const eventsOf = async (runId: string) => {
    const lines = (await readFile(journalOf(runId), 'utf8')).trimEnd().split('\n');
    return lines.map((line) => Line.parse(JSON.parse(line)).event);
  };
  const stepsWith = async (runId: string, wanted: string): Promise<readonly string[]> =>
    (await eventsOf(runId)).flatMap(({ type, stepId }) =>
      type === wanted && stepId !== undefined ? [stepId] : [],
    );
  const jobsOf = async (runId: string): Promise<Readonly<Record<string, readonly string[]>>> => {
    const jobs: Record<string, string[]> = {};
    for (const { type, stepId, job } of await eventsOf(runId)) {
      if (type === 'step.started' && stepId !== undefined && typeof job === 'string') {
        (jobs[job] ??= []).push(stepId);
      }
    }
    return jobs;
  };
  const holdsTogether = async (runId: string): Promise<void> => {
    expect(await lastgood(home, 'record', 'verify', journalOf(runId))).toMatchObject({ code: 0 });
    expect(await leftBehind(app)).toBe('');
  };
  const hasArrived = async (procedure: Procedure): Promise<void> => {
    const sight = await sightOf(app, procedure);
    for (const word of arrived[procedure]) {
      expect(sight).toMatch(word);
    }
    expect(sight).toMatch(/serves 1\.1\.0$/u);
  };

  describe.each(procedures)('by %s', (procedure) => {
    it('that fails late is taken back, and everything is exactly as before', async () => {
      const file = path.join(folder, 'never-said.yaml');
      const text = await readFile(runbook, 'utf8');
      const trigger = /(completesWith: ).*(\n *timeoutSeconds: ).*/u;
      await writeFile(file, text.replace(trigger, '$1nobody says this$21'));
      const before = await sightOf(app, procedure);

      const ended = await lastgood(home, ...drill(procedure, file));

      const { runId, outcome } = resultOf(ended);
      expect(ended.stderr).toContain('Taking everything back: Run test analysis');
      expect({ code: ended.code, outcome }).toEqual({ code: 1, outcome: 'rolled-forward' });
      expect(await stepsWith(runId, 'step.succeeded')).toContain('wait-healthy');
      expect(await sightOf(app, procedure)).toBe(before);
      await holdsTogether(runId);
    });

    it('ends with the target serving, and with nothing of the console left on the host', async () => {
      expect(await servedVersion(app, procedure)).toBe('1.2.0');

      const ended = await lastgood(home, ...drill(procedure));

      const { runId, outcome, steps } = resultOf(ended);
      expect({ code: ended.code, outcome, stderr: ended.stderr }).toMatchObject({
        code: 0,
        outcome: 'rolled-back',
      });
      expect(new Set(steps.map(({ status }) => status))).toEqual(new Set(['succeeded']));
      expect(Object.values(await jobsOf(runId))).toContainEqual(cutover[procedure]);
      await hasArrived(procedure);
      await holdsTogether(runId);
    });
  });

  it('asks systemd nothing while the service stands still', async () => {
    await app.reset();
    await listenToSystemctl(app);

    const ended = await lastgood(home, ...drill('systemd'));

    const { runId, outcome, steps } = resultOf(ended);
    expect(outcome).toBe('rolled-back');
    expect(steps.filter(({ id }) => id === 'stop' || id === 'start')).toHaveLength(2);
    const asked = await askedOfSystemctl(app);
    const stop = asked.indexOf('stop -- lab-service');
    expect(stop).toBeGreaterThan(-1);
    expect(asked[stop + 1]).toBe('start -- lab-service');
    await hasArrived('systemd');
    await holdsTogether(runId);
  });

  describe('whose console is killed in the middle of the cutover', () => {
    beforeAll(async () => {
      await app.reset();
      await makeStopsSlow(app);
    });

    /** Gives the run’s id. The host goes on by itself from here. */
    const killMidway = async (procedure: Procedure): Promise<string> => {
      const said = await lastgoodKilledAt(home, 'health: down', ...drill(procedure));
      const runId = /^Run (\S+):/mu.exec(said)?.[1] ?? '';
      expect(await stepsWith(runId, 'step.started')).toContain('stop');
      expect(await stepsWith(runId, 'step.succeeded')).not.toContain('stop');
      return runId;
    };

    /** Nobody says what became of a step: the host knows. */
    const goOn = async (runId: string): Promise<void> => {
      const words = ['resume', runId, '--watch', '1s', '--yes', '--json'];
      const ended = await lastgood(home, ...words);
      const { outcome } = resultOf(ended);
      expect({ code: ended.code, outcome, said: ended.stderr }).toMatchObject({
        code: 0,
        outcome: 'rolled-back',
      });
      expect(await stepsWith(runId, 'step.settled')).toEqual([]);
    };

    it.each(['systemd', 'git'] as const)('goes on to its end by %s', async (procedure) => {
      const runId = await killMidway(procedure);

      await goOn(runId);

      await hasArrived(procedure);
      expect(await startsOf(app, procedure)).toBe(2);
      const started = await stepsWith(runId, 'step.started');
      expect(started).toEqual([...new Set(started)]);
      await holdsTogether(runId);
    });

    it('stops and starts once where it was killed before the host had heard of it', async () => {
      const said = await lastgoodKilledAt(home, '… Stop', ...drill('systemd', runbook, 'v1.0.0'));
      const runId = /^Run (\S+):/mu.exec(said)?.[1] ?? '';
      const starts = await startsOf(app, 'systemd');

      await goOn(runId);

      expect(await servedVersion(app, 'systemd')).toBe('1.0.0');
      expect(await startsOf(app, 'systemd')).toBe(starts + 1);
      await holdsTogether(runId);
    });

    it('is taken back by pm2, to exactly what was there', async () => {
      const before = await sightOf(app, 'pm2');
      const runId = await killMidway('pm2');

      const ended = await lastgood(home, 'roll-forward', runId, '--yes', '--json');

      expect({ code: ended.code, outcome: resultOf(ended).outcome }).toEqual({
        code: 0,
        outcome: 'rolled-forward',
      });
      expect(await sightOf(app, 'pm2')).toBe(before);
      // At boot, once by the job that went on alone, and once again as it was.
      expect(await startsOf(app, 'pm2')).toBe(3);
      await holdsTogether(runId);
    });
  });
});
