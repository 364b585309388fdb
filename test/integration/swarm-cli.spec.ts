import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { builtInText, soundRunbook } from '../unit/main/runbooks/runbook-files.js';
import { buildCommandLine, lastgood, lastgoodKilledAt } from './cli-process.js';
import { freePort } from './private-sshd.js';
import {
  makeService,
  realSwarm,
  runningImages,
  seenService,
  swarmCommand,
  untilUpdate,
  updateService,
} from './real-swarm.js';

let folder: string;
let home: string;
let service: string;

beforeAll(buildCommandLine);

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lastgood-swarm-'));
  home = path.join(folder, 'home');
});

afterEach(async () => {
  await swarmCommand('service', 'rm', service);
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

/** The built-in procedure, at a service of the lab's swarm that was taken from v1.1.0 to v1.2.0, which is sick. */
async function sickService(): Promise<string> {
  const port = await freePort();
  const completed = ['--env', 'LAB_COMPLETED_LINE=Analysis completed'];
  service = await makeService({ port, more: completed });
  await updateService(service, '--image', 'lab-service:v1.2.0', '--env-add', 'NEW=s3cret-two');
  await untilUpdate(service, 'completed');
  const { socket, address } = realSwarm();
  const text = builtInText.replaceAll('service: tradewizard-monitor', `service: ${service}`);
  const runbook = soundRunbook(
    text.replaceAll('name: tradewizard-monitor }', `name: ${service} }`),
  );
  const file = path.join(folder, 'runbook.yaml');
  const staging = {
    ...{ name: 'staging', tier: 'staging', url: `http://${address}:${port}`, variables: {} },
    engines: [{ name: 'swarm', kind: 'docker', socket }],
  };
  const procedures = runbook.procedures.filter(({ id }) => id === 'swarm');
  await writeFile(file, stringify({ ...runbook, procedures, environments: [staging] }));
  return file;
}

const drill = (file: string): readonly string[] => [
  ...['drill', '--runbook', file, '--environment', 'staging'],
  ...['--watch', '1s', '--yes', '--json'],
];

async function journalOf(runId: string): Promise<string> {
  return readFile(path.join(home, 'runs', runId, 'journal.jsonl'), 'utf8');
}

test('the built-in procedure takes a service of a real swarm back', async () => {
  const file = await sickService();
  const { code, stdout, stderr } = await lastgood(home, ...drill(file));
  expect(stderr).toContain(`1 of 1 tasks of ${service} run by the wanted specification`);
  expect(JSON.parse(stdout)).toMatchObject({ outcome: 'rolled-back' });
  expect(code).toBe(0);
  expect(await seenService(service)).toMatchObject({
    ...{ image: 'lab-service:v1.1.0', update: 'rollback_completed' },
  });
  const { runId } = JSON.parse(stdout) as { runId: string };
  expect(await journalOf(runId)).not.toContain('s3cret');
});

test.each(['… Roll back service', 'rollback started'])(
  'a console killed at “%s” never toggles the rollback: it looks, and goes on',
  async (line) => {
    const file = await sickService();
    await lastgoodKilledAt(home, line, ...drill(file));
    const runs = await lastgood(home, 'runs', '--json');
    const runId = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(runs.stdout)![0];

    const looked = await lastgood(home, 'resume', runId);
    // What looking showed is what is said of it.
    const settled = [
      ...looked.stderr.matchAll(/\? .+ \(([\w-]+)\): .* Looked: (it is (?:not )?done)/g),
    ];
    const words = settled.flatMap(([, id, seen]) => [
      ...['--settle', `${id!}=${seen === 'it is done' ? 'done' : 'not-done'}`],
    ]);
    const go = ['--watch', '1s', '--yes', '--json'];
    const ended = await lastgood(home, 'resume', runId, ...words, ...go);

    expect(JSON.parse(ended.stdout)).toMatchObject({ outcome: 'rolled-back' });
    expect(await seenService(service)).toMatchObject({
      ...{ image: 'lab-service:v1.1.0', update: 'rollback_completed' },
    });
    expect(await runningImages(service)).toEqual(['lab-service:v1.1.0']);
  },
);

test('a service without a previous specification is refused before anything is begun', async () => {
  const file = await sickService();
  await swarmCommand('service', 'rm', service);
  const fresh = await makeService();
  await writeFile(file, (await readFile(file, 'utf8')).replaceAll(service, fresh));
  service = fresh;
  const { code, stderr } = await lastgood(home, ...drill(file));
  expect(code).toBe(1);
  expect(stderr).toContain('never changed since it was made');
  expect(stderr).toContain('docker service update --image IMAGE SERVICE');
});
