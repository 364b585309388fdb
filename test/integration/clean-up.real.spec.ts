import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { redactPatterns } from '../../main/log/redaction.js';
import { CleanUp } from '../../main/runs/clean-up.js';
import { createClock } from '../../main/runs/clock.js';
import type { EnvironmentSource } from '../../main/runs/environments.js';
import { RunFiles } from '../../main/runs/run-files.js';
import { RunService } from '../../main/runs/run-service.js';
import { dataPaths, makeDataFolders } from '../../main/storage/data-paths.js';
import { verifyJournal } from '../../main/engine/verify-journal.js';
import type { RunEvent } from '../../shared/run/events.js';
import type { Runbook } from '../../shared/runbook/schema.js';
import { chained } from '../fakes/chained.js';
import { layLines, runIdOf } from '../fakes/runs-on-disk.js';
import { environment, ordered, planned, runbook, started } from '../fakes/sample-run.js';
import { buildCommandLine, lastgood } from './cli-process.js';
import { newPlace } from './docker-procedure.js';
import type { Place } from './docker-procedure.js';
import { imageIdOf, inspected, replace, sweep } from './replace-settings.js';
import { dockerCommand, realEngine } from './real-engine.js';

const runId = runIdOf(1);
const here = { ...environment, engines: [{ name: 'docker', kind: 'docker' as const, socket: '' }] };
let place: Place;
let root = '';
let runs: RunService;
let cleanUp: CleanUp;
let journal = '';
let events: RunEvent[] = [];

/** A container of an image of its own is replaced; the run that did it lies closed on the disk. */
beforeEach(async () => {
  place = newPlace(29_560);
  const old = `${place.name}:old`;
  await dockerCommand('create', '--name', `${place.name}-made`, 'lab-service:v1.2.0');
  await dockerCommand('commit', `${place.name}-made`, old);
  await dockerCommand('rm', `${place.name}-made`);
  await dockerCommand('run', '--detach', '--name', place.name, '--volume', '/kept', old);
  const { done } = await replace(place, await imageIdOf('lab-service:v1.1.0'));
  const swap = done.find(({ kind }) => kind === 'docker.swap-names')!;
  const step = planned('swap', { kind: swap.kind, params: swap.params });
  const stepId = step.id;
  events = [
    begun(),
    ...ordered([step]),
    { type: 'preparation.completed', by: 'operator' },
    { type: 'step.started', stepId, attempt: 1, before: swap.before },
    { type: 'step.succeeded', stepId, summary: '', wasAlready: false },
    { type: 'rollback.completed' },
    { type: 'run.closed', outcome: 'rolled-back', reason: '', by: 'operator' },
  ];
  await openConsole();
});

afterEach(async () => {
  await runs.dispose();
  await rm(root, { recursive: true, force: true });
  await sweep(place.name);
  await dockerCommand('image', 'rm', `${place.name}:old`).catch(() => '');
});

function begun(): RunEvent {
  const [first] = runbook.procedures;
  const targets = { kind: 'docker.images', engine: 'docker', repository: place.name } as const;
  const procedure = { ...first!, targets: { ...targets, container: place.name } };
  const engines = [{ name: 'docker', kind: 'docker' as const, socket: realEngine().socket }];
  const own: Runbook = {
    ...runbook,
    procedures: [procedure],
    environments: [{ ...here, engines }],
  };
  return {
    ...started(),
    runbook: own,
    procedureId: procedure.id,
    environment: { ...here, engines },
  } as RunEvent;
}

async function openConsole(): Promise<void> {
  root = await mkdtemp(path.join(os.tmpdir(), 'lastgood-clean-up-'));
  const paths = dataPaths(root);
  makeDataFolders(paths);
  journal = layLines(paths, runId, chained(events, runId));
  const clock = createClock();
  const nothing = (): void => undefined;
  const told = { appended: nothing, probed: nothing, lit: nothing, logged: nothing };
  const environments: EnvironmentSource = {
    list: () => [],
    open: (_runbook, _name, { recorded }) => Promise.resolve(recorded!),
  };
  const common = {
    files: new RunFiles(paths, { session: clock.session, appVersion: '0.0.0' }),
    clock,
    environments,
    events: { ...told, halted: nothing, due: nothing, closed: nothing },
    operator: () => 'Ada',
  };
  runs = new RunService({
    ...common,
    appVersion: '0.0.0',
    runbook: () => Promise.resolve(runbook),
    redact: redactPatterns,
    onFault: nothing,
    watchSeconds: 1,
  });
  cleanUp = new CleanUp({ ...common, runs });
}

const byKind = async (kind: 'container' | 'image') =>
  (await cleanUp.look(runId)).find((offer) => offer.kind === kind)!;
const exists = (name: string): Promise<boolean> =>
  dockerCommand('inspect', name).then(
    () => true,
    () => false,
  );
const remove = async (...kinds: readonly ('container' | 'image')[]): Promise<void> => {
  const items = await Promise.all(kinds.map(async (kind) => (await byKind(kind)).id));
  await cleanUp.remove(runId, { items, typed: environment.name });
};

test('shows what would be lost, removes the kept container and its image, and records both', async () => {
  const container = await byKind('container');
  expect(container).toMatchObject({ name: place.kept, refusal: null });
  expect(container.facts.join(' ')).toMatch(/MB written outside its volumes are lost/);
  expect(container.facts.join(' ')).toContain('No anonymous volume is left without a container');
  expect(await byKind('image')).toMatchObject({ name: `${place.name}:old`, refusal: null });
  expect(await exists(place.kept)).toBe(true);

  const serving = (await inspected(place.name)).Id;
  await remove('image', 'container');
  expect(await exists(place.kept)).toBe(false);
  expect(await exists(`${place.name}:old`)).toBe(false);
  expect(await inspected(place.name)).toMatchObject({ Id: serving, State: { Running: true } });
  const { records } = await runs.read(runId);
  expect(records.slice(-4).map(({ event }) => event.type)).toEqual([
    'clean-up.started',
    'clean-up.removed',
    'clean-up.started',
    'clean-up.removed',
  ]);
  expect((await verifyJournal(journal, null)).isGood).toBe(true);
  expect((await byKind('container')).refusal).toContain('gone already');
});

test('leaves an image whose kept container stays, and records that it did', async () => {
  await expect(remove('image')).rejects.toMatchObject({ code: 'DOCKER_REFUSED' });
  expect(await exists(`${place.name}:old`)).toBe(true);
  expect((await runs.read(runId)).records.at(-1)?.event.type).toBe('clean-up.failed');
});

test('removes nothing that is not the container on record, is in use, or is the only one left', async () => {
  const before = await readFile(journal, 'utf8');
  await dockerCommand('start', place.kept);
  expect((await byKind('container')).refusal).toContain('taken it into use');
  await expect(remove('container')).rejects.toThrow('taken it into use');
  await dockerCommand('stop', '--time', '0', place.kept);
  await dockerCommand('stop', '--time', '0', place.name);
  await expect(remove('container')).rejects.toThrow('the only way back');
  await dockerCommand('start', place.name);
  await dockerCommand('rm', place.kept);
  await dockerCommand('create', '--name', place.kept, 'lab-service:v1.2.0');
  await expect(remove('container')).rejects.toThrow('another container now');
  expect(await exists(place.kept)).toBe(true);
  expect(await readFile(journal, 'utf8')).toBe(before);
});

test('asks for the name of the environment, and for a closed run with no other one open', async () => {
  const { id } = await byKind('container');
  const items = [id];
  await expect(cleanUp.remove(runId, { items, typed: 'production' })).rejects.toThrow('exactly');
  await expect(cleanUp.remove(runId, { items: [], typed: 'staging' })).rejects.toThrow('chosen');
  const open = runIdOf(2);
  layLines(dataPaths(root), open, chained([begun()], open));
  await expect(cleanUp.look(open)).rejects.toThrow('not closed');
  await expect(remove('container')).rejects.toMatchObject({ code: 'RUN_ALREADY_OPEN' });
  expect(await exists(place.kept)).toBe(true);
});

describe('from the command line', () => {
  beforeAll(buildCommandLine);

  const removing = (...names: readonly string[]): readonly string[] => [
    ...names.flatMap((name) => ['--remove', name]),
    ...['--yes', '--type-host', environment.name],
  ];

  test('first shows what would be lost, then removes what is named, and nothing else', async () => {
    const shown = await lastgood(root, 'clean-up', runId);
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toContain(`container ${place.kept} on docker`);
    expect(shown.stdout).toMatch(/MB written outside its volumes are lost/);
    expect(shown.stdout).toContain('No registry is known to have it');
    expect(shown.stdout).toContain('Nothing was removed.');
    expect(await exists(place.kept)).toBe(true);

    const old = `${place.name}:old`;
    const mistyped = ['--remove', place.kept, '--yes', '--type-host', 'production'];
    expect(await lastgood(root, 'clean-up', runId, ...mistyped)).toMatchObject({ code: 1 });
    expect(await exists(place.kept)).toBe(true);

    const serving = (await inspected(place.name)).Id;
    const ended = await lastgood(root, 'clean-up', runId, ...removing(old, place.kept));
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toContain('It stands in the journal of the run.');
    expect(await exists(place.kept)).toBe(false);
    expect(await exists(old)).toBe(false);
    expect(await inspected(place.name)).toMatchObject({ Id: serving, State: { Running: true } });
    expect((await verifyJournal(journal, null)).isGood).toBe(true);
  });

  test('that ends midway says what has gone and what has not, and both are so', async () => {
    // An image that was made from the old one holds it on the engine; no container tells of it.
    const old = `${place.name}:old`;
    const child = `${place.name}-child:1`;
    await dockerCommand('create', '--name', `${place.name}-made`, old);
    await dockerCommand('commit', `${place.name}-made`, child);
    await dockerCommand('rm', `${place.name}-made`);
    try {
      const ended = await lastgood(root, 'clean-up', runId, ...removing(old, place.kept));
      expect(ended).toMatchObject({ code: 1, stdout: '' });
      expect(ended.stderr).toContain(`Removed: container ${place.kept}.`);
      expect(ended.stderr).toContain(`It ended at image ${old}: `);
      expect(ended.stderr).toContain('what serves was not touched');
      expect(ended.stderr).not.toContain('nothing was done');
      expect(await exists(place.kept)).toBe(false);
      expect(await exists(old)).toBe(true);
      expect((await runs.read(runId)).records.slice(-3).map(({ event }) => event.type)).toEqual([
        'clean-up.removed',
        'clean-up.started',
        'clean-up.failed',
      ]);
    } finally {
      await dockerCommand('image', 'rm', child);
    }
  });
});
