import { afterAll, describe, expect, it } from 'vitest';
import {
  makeService,
  runningImages,
  seenService,
  swarmCommand,
  untilUpdate,
  updateService,
} from './real-swarm.js';
import { driveSwarm } from './swarm-driver.js';
import { realEngine } from './real-engine.js';

const made: string[] = [];

/** From v1.1.0 with two replicas to v1.2.0 with three and another environment. */
async function twoVersions(more: readonly string[] = []): Promise<string> {
  const name = await makeService({ replicas: 2, more });
  made.push(name);
  await updateService(
    name,
    ...['--image', 'lab-service:v1.2.0', '--replicas', '3'],
    ...['--env-add', 'NEW_ONE=s3cret-two', '--env-add', 'API_KEY=s3cret-three'],
  );
  await untilUpdate(name, 'completed');
  return name;
}

const before = {
  image: 'lab-service:v1.1.0',
  environment: ['API_KEY=s3cret-one', 'COLOUR=blue'],
  replicas: 2,
};
const after = { image: 'lab-service:v1.2.0', replicas: 3 };

afterAll(async () => {
  await swarmCommand('service', 'rm', ...made);
});

// Side by side: each has a service of its own, and most of the time is the engine's.
describe.concurrent('a Swarm service with two versions, on a real swarm', () => {
  it('shows the previous specification, takes the service there task by task, and back again', async () => {
    const name = await twoVersions();
    const drive = driveSwarm(name);
    const target = await drive.previous();
    expect(target).toMatchObject({ version: 'v1.1.0', isPrevious: true });
    expect(target.subject).toContain('2 replicas; environment: API_KEY, COLOUR');
    const preview = await drive.preview(target);
    expect(preview.map(({ id, state }) => `${id} ${state}`)).toEqual([
      ...['engine green', 'target green', 'change green', 'tasks green'],
    ]);
    expect(preview[1]?.text).toBe(
      'The engine keeps it. What changes: image lab-service:v1.2.0 → lab-service:v1.1.0, 3 replicas → 2 replicas, variable API_KEY gets another value, variable NEW_ONE goes',
    );

    const params = drive.paramsOf(target.id);
    expect(await drive.read('swarm.check-service', idOnly(name, target.id))).toContain('keeps it');
    expect(await drive.observe(params)).toMatchObject({ isDone: false });
    const captured = await drive.capture(params);
    await drive.act(params, captured);
    expect(await drive.wait(target.id)).toContain('2 of 2 tasks');
    expect(await seenService(name)).toMatchObject({ ...before, update: 'rollback_completed' });
    expect(await runningImages(name)).toEqual([before.image, before.image]);
    expect(drive.emitted.filter((line) => /\.[12] \(\w+\): running$/.test(line))).not.toEqual([]);
    expect(await drive.read('swarm.check-tasks', idOnly(name, target.id))).toContain('2 of 2');
    expect(await drive.observe(params)).toMatchObject({ isDone: true });

    expect(await drive.undo(params, captured)).toContain('3 of 3 tasks');
    expect(await seenService(name)).toMatchObject({ ...after, update: 'completed' });
    expect((await seenService(name)).environment).toContain('API_KEY=s3cret-three');
    expect(await runningImages(name)).toEqual([after.image, after.image, after.image]);
    const again = (await seenService(name)).version;
    expect(await drive.undo(params, captured)).toContain('was at the specification of before');
    expect((await seenService(name)).version).toBe(again);

    // Nothing that is kept or shown holds a value of the environment.
    const kept = JSON.stringify([target, preview, captured, drive.emitted]);
    expect(kept).not.toContain('s3cret');
    expect(kept).not.toContain('blue');
  });

  it('never toggles: a rollback that is there already is seen, and a second act asks nothing', async () => {
    const name = await twoVersions();
    const drive = driveSwarm(name);
    const { id } = await drive.previous();
    const params = drive.paramsOf(id);
    const captured = await drive.capture(params);
    await swarmCommand('service', 'rollback', '--detach', '--quiet', name);
    await untilUpdate(name, 'rollback_completed');
    const { version } = await seenService(name);

    expect(await drive.observe(params)).toMatchObject({ isDone: true });
    await drive.act(params, captured);
    await drive.act(params, captured);

    expect(await seenService(name)).toMatchObject({ ...before, version });
    // What the engine keeps now is what was rolled back from: nothing to suggest.
    expect((await drive.previous()).problem).toContain('rolled back from it already');
  });

  it('changes nothing where somebody else was faster, and says so', async () => {
    const name = await twoVersions();
    const drive = driveSwarm(name);
    const { id } = await drive.previous();
    const params = drive.paramsOf(id);
    const captured = await drive.capture(params);
    await updateService(name, '--env-add', 'THEIRS=1');
    await untilUpdate(name, 'completed');
    const { version } = await seenService(name);
    const code = { code: 'SWARM_CHANGED' };

    await expect(drive.act(params, captured)).rejects.toMatchObject(code);
    await expect(drive.capture(params)).rejects.toMatchObject(code);
    await expect(drive.read('swarm.check-service', idOnly(name, id))).rejects.toMatchObject(code);
    await expect(drive.undo(params, captured)).rejects.toMatchObject(code);
    expect((await seenService(name)).version).toBe(version);
  });

  it('says that a rollback has paused and why, and undo puts back what was there', async () => {
    // The previous specification crashes; the present one runs.
    const name = await makeService({
      // Long enough for it to crash under the engine's eyes on a busy machine.
      ...{ tag: 'crash', isAwaited: false, more: ['--rollback-monitor', '5s'] },
    });
    made.push(name);
    await updateService(name, '--image', 'lab-service:v1.2.0');
    await untilUpdate(name, 'completed');
    const drive = driveSwarm(name);
    const { id } = await drive.previous();
    const params = drive.paramsOf(id);
    const captured = await drive.capture(params);
    await drive.act(params, captured);

    const paused = await drive.wait(id).catch((thrown: unknown) => thrown);
    expect(paused).toMatchObject({ code: 'SWARM_PAUSED' });
    expect(String(paused)).toMatch(/rollback paused: .*failed: task: non-zero exit \(1\)/);
    expect(await seenService(name)).toMatchObject({ update: 'rollback_paused' });

    await drive.undo(params, captured);
    expect(await runningImages(name)).toEqual(['lab-service:v1.2.0']);
  });

  it('waits for the engine’s own health check, and gives up where the time is over', async () => {
    const name = await makeService({
      ...{ tag: 'v1.1.0-hc', isAwaited: false },
      more: ['--env', 'LAB_MODE=never-healthy'],
    });
    made.push(name);
    await updateService(name, '--image', 'lab-service:v1.2.0', '--env-rm', 'LAB_MODE');
    await untilUpdate(name, 'completed');
    const drive = driveSwarm(name);
    const { id } = await drive.previous();
    const params = drive.paramsOf(id);
    const captured = await drive.capture(params);
    await drive.act(params, captured);

    await expect(drive.wait(id, 1)).rejects.toMatchObject({ code: 'SWARM_NOT_SETTLED' });
    await expect(drive.wait(id)).rejects.toMatchObject({
      code: 'SWARM_PAUSED',
      message: expect.stringContaining('because the engine’s health check failed') as string,
    });
    await drive.undo(params, captured);
    expect(await runningImages(name)).toEqual(['lab-service:v1.2.0']);
  });

  it('refuses to undo once the engine no longer keeps what was there, and changes nothing', async () => {
    const name = await twoVersions();
    const drive = driveSwarm(name);
    const { id } = await drive.previous();
    const params = drive.paramsOf(id);
    const captured = await drive.capture(params);
    await drive.act(params, captured);
    await drive.wait(id);
    // The same specification once more: what the engine keeps as the previous one is lost.
    await updateService(name, '--force');
    await untilUpdate(name, 'completed');
    await swarmCommand('service', 'rollback', '--detach', '--quiet', name);
    await drive.wait(id).catch(() => undefined);
    const { version } = await seenService(name);

    await expect(drive.undo(params, captured)).rejects.toMatchObject({ code: 'SWARM_SPEC_LOST' });
    expect((await seenService(name)).version).toBe(version);
  });
});

describe('beforehand, on a real swarm', () => {
  it('refuses a service that has no previous specification', async () => {
    const name = await makeService();
    made.push(name);
    await expect(driveSwarm(name).targets()).rejects.toMatchObject({ code: 'SWARM_NO_PREVIOUS' });
  });

  it('says that there is no such service, and that an engine manages no swarm', async () => {
    await expect(driveSwarm('nobody').targets()).rejects.toMatchObject({
      code: 'SWARM_SERVICE_MISSING',
    });
    await expect(driveSwarm('nobody', realEngine().socket).targets()).rejects.toMatchObject({
      code: 'SWARM_NOT_MANAGER',
    });
  });
});

function idOnly(service: string, specification: string) {
  return { engine: 'swarm', service, specification };
}
