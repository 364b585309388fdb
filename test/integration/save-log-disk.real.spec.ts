import { randomUUID } from 'node:crypto';
import { rm, symlink } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stepById } from '../../shared/run/select.js';
import { StepId } from '../../shared/plan/planned-step.js';
import { LabRun, fleetRunbook } from './lab-run.js';
import { dockerCommand, realEngine } from './real-engine.js';
import { sweep } from './replace-settings.js';
import { SmallDisk } from './small-disk.js';

const saveLog = StepId.parse('save-log');
let name = '';
/** Below the ports that outgoing connections take. */
const port = 29_585;
const url = `http://127.0.0.1:${port}`;
let disk: SmallDisk;
let run: LabRun | null = null;

beforeEach(async () => {
  name = `lastgood-saved-${randomUUID().slice(0, 8)}`;
  disk = new SmallDisk('1m');
  await dockerCommand(
    ...['run', '--detach', '--name', name, '--label', `lastgood.test=${name}`],
    ...['--publish', `127.0.0.1:${port}:3000`, 'lab-service:v1.2.0'],
  );
});

afterEach(async () => {
  await run?.end();
  run = null;
  disk.dispose();
  await sweep(name);
});

/** More than the last page of a file could still take on a full disk. */
async function fillLog(): Promise<void> {
  const trigger = { method: 'POST', body: '{}' };
  await expect
    .poll(() =>
      fetch(url).then(
        ({ status }) => status,
        () => 0,
      ),
    )
    .toBe(404);
  await Promise.all(Array.from({ length: 60 }, () => fetch(`${url}/trigger`, trigger)));
}

/** The journal lies elsewhere: giving up what it keeps in reserve would make room for the log. */
async function prepareOnFullDisk(): Promise<LabRun> {
  const { socket } = realEngine();
  const place = { container: name, label: `lastgood.test=${name}`, url, socket };
  run = await LabRun.prepare(fleetRunbook(place), 'v1.1.0');
  await rm(run.logFolder, { recursive: true });
  await symlink(disk.folder, run.logFolder);
  disk.fill();
  return run;
}

test('an old log that the disk does not take is not called kept: the step fails until there is room, or somebody passes it by', async () => {
  await fillLog();
  const { live } = await prepareOnFullDisk();

  await run!.approve();

  const step = () => stepById(live.state, saveLog);
  expect(step()).toMatchObject({ status: 'failed', error: { code: 'LOG_NOT_KEPT' } });
  expect(step()?.error?.message).toMatch(
    /^The log is not kept: \d+ lines wait in memory: the disk is full\.$/,
  );
  // Nothing is stopped before somebody has decided about the log.
  const running = await dockerCommand('inspect', '--format', '{{.State.Running}}', name);
  expect(running).toBe('true');
  const stop = { type: 'approve', unit: 'cutover', typed: null, authority: null } as const;
  await expect(live.command(stop)).rejects.toMatchObject({ code: 'RUN_COMMAND_REFUSED' });

  disk.makeRoom();
  await live.command({ type: 'retry', stepId: saveLog });
  await live.engine.idle();
  expect(step()).toMatchObject({ status: 'succeeded' });
  expect(step()?.summary).toMatch(/^Kept the last \d+ lines of /);
});

test('an old log may be given up knowingly, with a reason on record', async () => {
  await fillLog();
  const { live } = await prepareOnFullDisk();
  await run!.approve();

  await live.command({ type: 'skip', stepId: saveLog, reason: 'The service comes first' });
  await live.engine.idle();

  expect(stepById(live.state, saveLog)?.status).toBe('skipped');
  expect(run!.focus).toMatchObject({ id: 'stop', status: 'pending' });
});
