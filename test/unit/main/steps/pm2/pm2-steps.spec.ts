import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kindOf } from '../../../../../main/steps/registry.js';
import { FakePm2 } from '../../../../fakes/fake-pm2.js';
import { run, scriptBench, signal } from '../host/script-bench.js';

const app = 'web';

/** Two releases, the newer one serving by PM2, and another app that is none of ours. */
function pm2World() {
  const bench = scriptBench();
  const pm2 = new FakePm2(bench.line);
  const current = bench.at('app', 'current');
  for (const version of ['v1.1.0', 'v1.2.0']) {
    const release = bench.at('app', 'releases', version);
    mkdirSync(release, { recursive: true });
    const apps = [{ name: app, cwd: current, env: { RELEASE: version } }];
    writeFileSync(
      join(release, 'ecosystem.config.cjs'),
      `module.exports = ${JSON.stringify({ apps })};`,
    );
  }
  lead(current, bench.at('app', 'releases', 'v1.2.0'));
  const type = (...words: string[]) =>
    execFileSync(join(bench.home, 'bin', 'pm2'), words, {
      env: { ...process.env, PM2_HOME: pm2.home },
      cwd: current,
    });
  type('start', 'ecosystem.config.cjs', '--only', app);
  type('save');
  const place = { host: 'app-1', home: pm2.home, app };
  const steps = {
    stop: bench.step('pm2.stop', place),
    replace: bench.step('pm2.replace', {
      ...place,
      folder: current,
      ecosystem: 'ecosystem.config.cjs',
    }),
    save: bench.step('pm2.save', place),
  };
  const release = (version: string) => bench.at('app', 'releases', version);
  return {
    bench,
    pm2,
    place,
    steps,
    type,
    current,
    release,
    switchTo: (version: string) => {
      lead(current, release(version));
    },
  };
}

function lead(link: string, target: string): void {
  rmSync(link, { force: true });
  symlinkSync(target, link);
}

const folderOf = (pid: number): string => readlinkSync(`/proc/${String(pid)}/cwd`);

describe('an app of PM2 that is rolled back', () => {
  it('is stopped, started anew from the target with its own definition, and saved', async () => {
    const { pm2, steps, release, switchTo } = pm2World();

    expect((await steps.stop.act()).summary).toBe('web is stopped');
    switchTo('v1.1.0');
    await steps.replace.act();
    await steps.save.act();

    const now = pm2.app(app);
    expect(now?.pm2_env).toMatchObject({ status: 'online', env: { RELEASE: 'v1.1.0' } });
    expect(folderOf(now?.pid ?? 0)).toBe(release('v1.1.0'));
    expect(pm2.read('dump.pm2')).toContain(now?.pm2_env.unique_id);
  });

  it('comes back exactly as it was, with the list PM2 had saved', async () => {
    const { pm2, steps, release, switchTo, type } = pm2World();
    type('stop', app);
    type('start', app);
    const saved = pm2.read('dump.pm2');
    await steps.stop.act();
    switchTo('v1.1.0');
    await steps.replace.act();
    await steps.save.act();

    await steps.save.undo();
    await steps.replace.undo();
    expect(pm2.app(app)?.pm2_env.status).toBe('stopped');
    switchTo('v1.2.0');
    await steps.stop.undo();

    const now = pm2.app(app);
    expect(now?.pm2_env).toMatchObject({ status: 'online', env: { RELEASE: 'v1.2.0' } });
    expect(folderOf(now?.pid ?? 0)).toBe(release('v1.2.0'));
    expect(pm2.read('dump.pm2')).toBe(saved);
  });

  it('hands nothing of our own surroundings on to what PM2 starts', async () => {
    const { pm2, steps } = pm2World();
    await steps.stop.act();
    await steps.replace.act();
    expect(pm2.app(app)?.pm2_env.env['SEEN']).toBe('plain');
  });

  it('leaves the other apps of the same daemon alone', async () => {
    const { pm2, steps, current, type } = pm2World();
    writeFileSync(
      join(current, 'other.config.cjs'),
      `module.exports = { apps: [{ name: 'other', cwd: '/tmp' }] };`,
    );
    type('start', 'other.config.cjs', '--only', 'other');
    const before = pm2.app('other');
    await steps.stop.act();
    await steps.replace.act();
    await steps.replace.undo();
    await steps.stop.undo();
    expect(pm2.app('other')).toEqual(before);
  });

  it('is not stopped twice, and what was stopped before stays stopped when it is taken back', async () => {
    const { pm2, steps, type } = pm2World();
    type('stop', app);
    expect(await steps.stop.act()).toMatchObject({ wasAlready: true });
    await steps.stop.undo();
    expect(pm2.app(app)?.pm2_env.status).toBe('stopped');
    expect(pm2.calls().filter((call) => call === 'stop web')).toHaveLength(1);
  });

  it('is taken back twice as once', async () => {
    const { pm2, steps, switchTo } = pm2World();
    await steps.stop.act();
    switchTo('v1.1.0');
    await steps.replace.act();
    await steps.replace.undo();
    const kept = pm2.app(app);
    expect(await steps.replace.undoAgain()).toBe('web was not replaced');
    expect(pm2.app(app)).toEqual(kept);
  });

  it('is as it was where PM2’s list could not be kept', async () => {
    const { pm2, steps } = pm2World();
    const before = pm2.list();
    pm2.file('full', '');
    await expect(steps.replace.act()).rejects.toThrow(
      "PM2's list cannot be kept; nothing was changed",
    );
    expect(pm2.list()).toEqual(before);
  });

  it('is as it was where the target brings no ecosystem file', async () => {
    const { pm2, steps, current } = pm2World();
    const before = pm2.list();
    rmSync(join(current, 'ecosystem.config.cjs'));
    await expect(steps.replace.act()).rejects.toThrow('there is no');
    expect(pm2.list()).toEqual(before);
  });

  it('is not stopped where PM2 has no such app', async () => {
    const { pm2, steps } = pm2World();
    pm2.file('state.json', '[]');
    await expect(steps.stop.act()).rejects.toThrow('PM2 has no app web');
  });

  it('keeps what holds environments from everybody else, and takes it along with the jobs', async () => {
    const { bench, steps } = pm2World();
    await steps.stop.act();
    await steps.replace.act();
    const kept = bench.at('.cache', 'lastgood', 'jobs', run, 'kept');
    for (const path of [kept, join(kept, 'list-web.json')]) {
      expect(statSync(path).mode & 0o077).toBe(0);
    }
    expect(await bench.port.cleanUp(run, signal)).toContain(kept);
    expect(existsSync(kept)).toBe(false);
  });
});

describe('looking at an app of PM2', () => {
  it('says from which release it runs, and refuses another', async () => {
    const { bench, place, release } = pm2World();
    const check = (version: string) =>
      bench.step('pm2.check-app', { ...place, release: release(version) }).act();
    expect((await check('v1.2.0')).summary).toContain(
      `online from ${release('v1.2.0')}, not restarted`,
    );
    await expect(check('v1.1.0')).rejects.toMatchObject({ code: 'SERVICE_WRONG_RELEASE' });
  });

  it('starts no daemon where none runs', async () => {
    const { pm2, steps } = pm2World();
    pm2.file('pm2.pid', '999999999');
    const before = pm2.calls();
    expect(await steps.stop.look()).toMatchObject({ isDone: false, facts: 'PM2 has no app web.' });
    expect(pm2.calls()).toEqual(before);
  });

  it('counts only error lines that came since it was replaced', async () => {
    const { bench, pm2, place, steps } = pm2World();
    const check = bench.step('pm2.check-log', { ...place, run, errorLine: 'ERROR', maxErrors: 0 });
    const log = join(pm2.home, 'logs', 'web-out.log');
    writeFileSync(log, 'ERROR of the sick version\n');
    await expect(check.act()).rejects.toMatchObject({ code: 'SERVICE_ERRORS_FOUND' });
    await steps.stop.act();
    await steps.replace.act();
    appendFileSync(log, 'all is well\n');
    expect((await check.act()).summary).toBe('No error lines in 1 line since web was replaced.');
    appendFileSync(log, 'ERROR again');
    await expect(check.act()).rejects.toMatchObject({ code: 'SERVICE_ERRORS_FOUND' });
  });
});

describe('the name of an app', () => {
  it.each(['all', '0', '12', '-f', 'a.json', 'x.config.js', '/w.*/', 'a\nb', '$(id)', ''])(
    'is refused where PM2 would take it for something else: %j',
    (name) => {
      expect(() => kindOf('pm2.stop').describe({ host: 'app-1', app: name })).toThrow('app');
    },
  );
});
