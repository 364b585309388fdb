import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { createConnectionPool } from '../../main/connections/connection-pool.js';
import { createDockerAdapter } from '../../main/connections/docker-adapter.js';
import { previewDockerTarget } from '../../main/steps/targets.js';
import type { Target } from '../../shared/plan/target.js';
import { fakeEngine, json } from '../unit/main/connections/fake-engine.js';
import type { FakeEngine } from '../unit/main/connections/fake-engine.js';
import { builtInText, soundRunbook } from '../unit/main/runbooks/runbook-files.js';
import { buildCommandLine, lastgood } from './cli-process.js';

const signal = AbortSignal.timeout(60_000);
const target: Target = {
  ...{ id: 'sha256:1', version: 'v1', names: [], digest: null, createdAt: null },
  ...{ sizeBytes: null, isServing: false },
};
let folder: string;
let engine: FakeEngine;

beforeAll(buildCommandLine);
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lastgood-versions-'));
});
afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

describe.each([
  {
    age: 'old',
    version: { ApiVersion: '1.24', MinAPIVersion: '1.12', Version: '1.12.6' },
    says: 'Engine 1.12.6 speaks API 1.24; 1.40 is the oldest that will do.',
  },
  {
    age: 'new',
    version: { ApiVersion: '1.70', MinAPIVersion: '1.60', Version: '40.0.1' },
    says: 'Engine 40.0.1 asks for API 1.60 at least; this Lastgood knows up to 1.47.',
  },
])('an engine that is too $age', ({ version, says }) => {
  beforeEach(async () => {
    engine = await fakeEngine((_request, response) => {
      json(response, 500, { message: 'nobody may ask this' });
    }, version);
  });

  const asked = (): readonly string[] => [
    ...new Set(engine.asked.map((line) => line.replace('?', ''))),
  ];

  test('is a red light and a red line of the preview, and is asked for nothing but its version', async () => {
    const pool = createConnectionPool({
      name: 'staging',
      tier: 'staging',
      url: 'http://127.0.0.1:9',
      engines: [{ name: 'docker', kind: 'docker', socket: engine.socket }],
      variables: {},
    });
    expect(await pool.check(signal)).toMatchObject([{ state: 'bad', text: says }]);
    const preview = await previewDockerTarget(
      createDockerAdapter(engine.socket),
      { repository: 'web', container: 'web', label: null, containers: null },
      target,
      signal,
    );
    expect(preview).toMatchObject([{ id: 'engine', state: 'red', text: says }]);
    expect(asked()).toEqual(['GET /version']);
    await pool.close();
  });

  test('ends a drill of the command line before any step of it', async () => {
    const runbook = soundRunbook(builtInText);
    const file = path.join(folder, 'runbook.yaml');
    const staging = {
      name: 'staging',
      tier: 'staging',
      url: 'http://127.0.0.1:9',
      engines: [{ name: 'docker', kind: 'docker', socket: engine.socket }],
      variables: { container: 'web' },
    };
    const procedures = runbook.procedures.slice(0, 1);
    await writeFile(file, stringify({ ...runbook, procedures, environments: [staging] }));
    const home = path.join(folder, 'home');
    const drill = ['drill', '--runbook', file, '--environment', 'staging', '--yes'];
    const { code, stderr } = await lastgood(home, ...drill);
    expect(code).not.toBe(0);
    expect(stderr).toContain(says);
    expect(asked()).toEqual(['GET /version']);
    const [run = ''] = (await readdir(path.join(home, 'runs'))).filter(
      (name) => name !== '.starting',
    );
    const journal = await readFile(path.join(home, 'runs', run, 'journal.jsonl'), 'utf8');
    expect(journal).toContain('"run.started"');
    expect(journal).not.toMatch(/"(?:unit|step)\.\w+"/);
  });
});
