import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { newPlace } from './docker-procedure.js';
import type { Place } from './docker-procedure.js';
import { inspected, sweep } from './replace-settings.js';
import { dockerCommand, realEngine } from './real-engine.js';

const checkout = path.resolve(import.meta.dirname, '../..');
const port = 29_533;
const secrets = ['env-s3cret-4711', 'label-s3cret-4711', 'command-s3cret-4711'];
let home: string;
let place: Place;

beforeEach(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'lastgood-secrets-'));
  place = newPlace(port);
  const template = await readFile(path.join(checkout, 'test/e2e/runbooks/lab-web.yaml'), 'utf8');
  const runbook = template
    .replace('http://127.0.0.1:3000', `http://127.0.0.1:${String(port)}`)
    .replace('/run/nothing-here.sock', realEngine().socket)
    .replace('container: lab-web', `container: ${place.name}`);
  await mkdir(path.join(home, 'runbooks'));
  await writeFile(path.join(home, 'runbooks', 'lab-web.yaml'), runbook);
});
afterEach(async () => {
  await sweep(place.name);
  await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

async function runOld(): Promise<void> {
  const [env = '', label = '', command = ''] = secrets;
  const options = ['--env', `API_KEY=${env}`, '--label', `token=${label}`];
  await dockerCommand(
    ...['run', '--detach', '--rm', '--name', place.name, ...options],
    ...['--publish', `127.0.0.1:${String(port)}:3000`, 'lab-service:v1.2.0'],
    ...['/usr/bin/node', '/app/service.mjs', `--token=${command}`],
  );
}

/** Ends with what was printed, whatever the exit code. */
function drill(...args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const command = [path.join(checkout, 'scripts/lastgood.mjs'), 'drill', '--runbook', 'lab-web'];
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1', LASTGOOD_HOME: home };
  const given = [...command, '--environment', 'staging', '--yes', '--json', ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, given, { cwd: checkout, env }, (_error, stdout, stderr) => {
      resolve({ stdout, stderr });
    });
  });
}

async function filesHolding(words: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const file of await readdir(home, { recursive: true, withFileTypes: true })) {
    if (file.isFile()) {
      const text = (await readFile(path.join(file.parentPath, file.name))).toString('latin1');
      found.push(
        ...words.filter((word) => text.includes(word)).map((word) => `${file.name}: ${word}`),
      );
    }
  }
  return found;
}

test('of a container that removes itself no value is printed or written, and none is kept once the run is closed', async () => {
  await runOld();
  const { stdout, stderr } = await drill('--to', 'v1.1.0');
  expect(JSON.parse(stdout)).toMatchObject({ outcome: 'rolled-back' });
  expect(stderr).toContain('environment variable LAB_VERSION: #');
  expect(stderr).toContain('vanishes when it stops');
  expect(secrets.filter((secret) => (stdout + stderr).includes(secret))).toEqual([]);
  expect(await filesHolding(secrets)).toEqual([]);
  const { runId } = z.looseObject({ runId: z.string() }).parse(JSON.parse(stdout));
  expect(await readdir(path.join(home, 'vault'))).toEqual(['key']);
  expect(await readdir(path.join(home, 'runs'))).toContain(runId);
  expect((await inspected(place.name)).Config['Env']).toContain(`API_KEY=${secrets[0] ?? ''}`);
});

test('such a container is made again with every value when the new version does not serve', async () => {
  await runOld();
  const old = await inspected(place.name);
  const { stdout, stderr } = await drill('--to', 'never-healthy');
  expect(JSON.parse(stdout), stderr).toMatchObject({ outcome: 'rolled-forward' });
  const again = await inspected(place.name);
  expect(again).toMatchObject({ Image: old.Image, State: { Running: true } });
  expect([again.Config['Env'], again.Config['Labels'], again.Config['Cmd']]).toEqual([
    old.Config['Env'],
    old.Config['Labels'],
    old.Config['Cmd'],
  ]);
  expect(await filesHolding(secrets)).toEqual([]);
  expect(secrets.filter((secret) => (stdout + stderr).includes(secret))).toEqual([]);
});
