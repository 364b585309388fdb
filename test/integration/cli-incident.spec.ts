import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { createRange } from '../../main/range/range.js';
import type { Range, RangeFault } from '../../main/range/range.js';
import { createClock } from '../../main/runs/clock.js';
import { chooseTarget, lookForTargets, order } from '../../main/runs/decision-desk.js';
import { declaredEnvironments } from '../../main/runs/environments.js';
import { RunFiles } from '../../main/runs/run-files.js';
import { RunService } from '../../main/runs/run-service.js';
import { dataPaths, makeDataFolders } from '../../main/storage/data-paths.js';
import type { Runbook } from '../../shared/runbook/schema.js';
import { parcelText, soundRunbook } from '../unit/main/runbooks/runbook-files.js';
import { buildCommandLine, lastgood } from './cli-process.js';

let folder: string;
let home: string;
let range: Range;

beforeAll(buildCommandLine);

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lastgood-incident-'));
  home = path.join(folder, 'home');
  range = createRange({ folder: path.join(folder, 'range'), socketFolder: folder });
});

afterEach(async () => {
  await range.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

const silent = (): undefined => undefined;

/** An engine that lives in this test stands for production, so that it goes on when a console ends. */
async function productionRunbook(faults: readonly RangeFault[]): Promise<Runbook> {
  const runbook = soundRunbook(parcelText);
  const { engines, url, variables } = await range.open(runbook, { fresh: true, faults });
  const procedures = runbook.procedures.map((procedure) => ({
    ...procedure,
    steps: procedure.steps.map((step) => {
      const isPatient = step.kind === 'service.wait-healthy';
      return {
        ...step,
        ...(step.id === 'prepare' ? { approvedBy: 'authority' as const } : {}),
        with: isPatient ? { ...step.with, timeoutSeconds: 2 } : step.with,
      };
    }),
  }));
  const environment = { name: 'depot-north', tier: 'production' as const, watchSeconds: 1 };
  return {
    ...runbook,
    procedures,
    environments: [{ ...environment, engines, url, variables }],
  };
}

/** An incident that was ordered in the window, which then ended. */
async function orderedIncident(faults: readonly RangeFault[] = []): Promise<string> {
  const runbook = await productionRunbook(faults);
  const paths = dataPaths(home);
  makeDataFolders(paths);
  await mkdir(paths.runbooks, { recursive: true });
  await writeFile(path.join(paths.runbooks, 'parcel.yaml'), stringify(runbook));
  const clock = createClock();
  const runs = new RunService({
    files: new RunFiles(paths, { session: clock.session, appVersion: '0.0.0' }),
    environments: declaredEnvironments,
    runbook: () => Promise.resolve(runbook),
    operator: () => 'operator',
    appVersion: '0.0.0',
    clock,
    events: {
      ...{ appended: silent, probed: silent, lit: silent, logged: silent },
      ...{ halted: silent, closed: silent, due: silent },
    },
    redact: (text) => text,
    onFault: silent,
    watchSeconds: null,
  });
  const runId = await runs.start({
    runbookId: runbook.id,
    environment: 'depot-north',
    procedureId: runbook.procedures[0]?.id ?? '',
    kind: 'incident',
    faults: [],
  });
  const live = runs.mustBeLive(runId);
  const target = (await lookForTargets(live)).find(({ version }) => version === '2024.10');
  await chooseTarget(live, target?.id ?? '', clock.now());
  await order(live, runId, { authority: 'Shift manager', reason: 'scans are lost' });
  await expect.poll(() => Object.keys(live.state.checklist).length).toBeGreaterThan(2);
  await runs.dispose();
  return runId;
}

async function journalOf(runId: string): Promise<string> {
  return readFile(path.join(home, 'runs', runId, 'journal.jsonl'), 'utf8');
}

test('an incident holds where the word of an authority is needed, says how to give it, and goes on with it', async () => {
  const runId = await orderedIncident();
  const held = await lastgood(home, 'resume', runId, '--yes');
  expect(held.code).toBe(1);
  expect(held.stderr).toContain('--authority NAME (Shift manager)');
  const stranger = await lastgood(home, 'resume', runId, '--yes', '--authority', 'Somebody');
  expect(stranger.code).toBe(1);
  expect(await journalOf(runId)).not.toContain('"stepId":"prepare"');

  const args = ['--yes', '--authority', 'Shift manager', '--json'];
  const ended = await lastgood(home, 'resume', runId, ...args);
  expect(ended.code).toBe(0);
  expect(JSON.parse(ended.stdout)).toMatchObject({ kind: 'incident', outcome: 'rolled-back' });
  expect(await journalOf(runId)).toContain('"authority":"Shift manager"');
});

test('an incident in which a step fails is left as it is, until somebody takes it back', async () => {
  const runId = await orderedIncident(['never-healthy']);
  const args = ['--yes', '--authority', 'Shift manager', '--json'];
  const failed = await lastgood(home, 'resume', runId, ...args);
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain('The run waits:');
  expect(JSON.parse(failed.stdout)).toMatchObject({ outcome: 'unfinished' });
  expect(await journalOf(runId)).not.toContain('roll-forward.requested');

  const back = await lastgood(home, 'roll-forward', runId.slice(0, 9), '--yes', '--json');
  expect(back.code).toBe(0);
  expect(JSON.parse(back.stdout)).toMatchObject({ kind: 'incident', outcome: 'rolled-forward' });
});
