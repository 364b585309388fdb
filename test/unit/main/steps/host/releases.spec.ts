import { mkdirSync, renameSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listReleases } from '../../../../../main/steps/host/releases.js';
import type { ReleasePlace } from '../../../../../main/steps/host/releases.js';
import { shellHost } from '../../../../fakes/shell-host.js';
import { fill, programs, temporary } from './folders.js';

const { signal } = new AbortController();

function threeReleases(): { root: string; place: ReleasePlace } {
  const root = temporary();
  fill(root, {
    'releases/v1.0.0/package.json': '{\n  "version": "1.0.0"\n}',
    'releases/v1.0.0/dist/index.js': 'one',
    'releases/v1.1.0/package.json': '{\n  "version": "1.1.0"\n}',
    'releases/v1.1.0/dist/index.js': 'two',
    'releases/v1.2.0/package.json': '{\n  "version": "1.2.0-rc.4"\n}',
    'releases/v1.2.0/dist/index.js': 'three',
  });
  ['v1.0.0', 'v1.1.0', 'v1.2.0'].forEach((name, index) => {
    utimesSync(join(root, 'releases', name), 1_700_000_000, 1_700_000_000 + index * 60);
  });
  symlinkSync(join(root, 'releases/v1.2.0'), join(root, 'current'));
  return {
    root,
    place: {
      folder: join(root, 'releases'),
      current: join(root, 'current'),
      pattern: null,
      complete: ['package.json', 'dist'],
      owner: null,
    },
  };
}

describe('looking for releases on a host', () => {
  it('finds each with its age, its size and whether it serves, newest first', async () => {
    const { place } = threeReleases();

    const targets = await listReleases(shellHost(), place, signal);

    expect(targets.map(({ version, isServing }) => [version, isServing])).toEqual([
      ['v1.2.0', true],
      ['v1.1.0', false],
      ['v1.0.0', false],
    ]);
    expect(targets[2]).toMatchObject({
      id: join(place.folder, 'v1.0.0'),
      createdAt: '2023-11-14T22:13:20.000Z',
    });
    expect(targets[2]?.sizeBytes).toBeGreaterThan(0);
    expect(targets.map(({ problem }) => problem)).toEqual([undefined, undefined, undefined]);
  });

  it('says where the package names another version than the folder', async () => {
    const { place } = threeReleases();

    const [newest, older] = await listReleases(shellHost(), place, signal);

    expect(newest?.subject).toBe('version 1.2.0-rc.4 by its package.json');
    expect(older?.subject).toBeUndefined();
  });

  it('finds each on a host that can tell neither ages nor sizes nor versions', async () => {
    const { place } = threeReleases();
    const none = { awk: 'exit 1', du: 'exit 1', stat: 'exit 1' };
    const host = shellHost({ programs: programs(none) });

    const targets = await listReleases(host, place, signal);

    const found = targets.map((one) => [one.version, one.createdAt, one.sizeBytes, one.subject]);
    expect(found.toSorted()).toEqual(
      ['v1.0.0', 'v1.1.0', 'v1.2.0'].map((version) => [version, null, null, undefined]),
    );
  });

  it('says what is missing in one that is not complete, and that another is empty', async () => {
    const { root, place } = threeReleases();
    renameSync(join(root, 'releases/v1.1.0/dist'), join(root, 'dist'));
    mkdirSync(join(root, 'releases/v0.9.0'));

    const targets = await listReleases(shellHost(), place, signal);

    const problems = Object.fromEntries(targets.map(({ version, problem }) => [version, problem]));
    expect(problems).toMatchObject({ 'v1.1.0': 'dist is missing', 'v0.9.0': 'empty' });
  });

  it('takes what the pattern names, and what serves in any case', async () => {
    const { place } = threeReleases();

    const targets = await listReleases(shellHost(), { ...place, pattern: '^v1\\.0' }, signal);

    expect(targets.map(({ version }) => version)).toEqual(['v1.2.0', 'v1.0.0']);
  });

  it('shows what serves where it is a folder of its own', async () => {
    const { root, place } = threeReleases();
    renameSync(join(root, 'current'), join(root, 'old-link'));
    fill(root, { 'current/package.json': '{\n"version" : "1.3.0",\n"private": true }' });

    const targets = await listReleases(shellHost(), place, signal);

    expect(targets.filter(({ isServing }) => isServing)).toMatchObject([
      {
        id: join(root, 'current'),
        version: 'v1.3.0',
        subject: 'a folder of its own, not a link to a release',
      },
    ]);
  });

  it('passes over names that could pass themselves off as something else', async () => {
    const { root, place } = threeReleases();
    mkdirSync(join(root, 'releases', 'a\nrelease\u001f/etc\u001f/etc\u001f1\u001f1\u001f\u001f'), {
      recursive: true,
    });

    const targets = await listReleases(shellHost(), place, signal);

    expect(targets).toHaveLength(3);
  });

  it('takes quotes, spaces and commands in a path as what they are: a path', async () => {
    const root = temporary();
    const folder = join(root, `it's $(touch ${join(root, 'hacked')}) "here"; -x`);
    fill(folder, { 'v1/package.json': '{}' });
    const place = {
      folder,
      current: join(root, 'none'),
      pattern: null,
      complete: ['-n'],
      owner: null,
    };

    const targets = await listReleases(shellHost(), place, signal);

    expect(targets).toMatchObject([{ id: join(folder, 'v1'), problem: '-n is missing' }]);
    expect(await listReleases(shellHost(), { ...place, folder: root }, signal)).toHaveLength(1);
  });

  it('says that the folder is not there instead of finding nothing', async () => {
    const { place } = threeReleases();

    const looking = listReleases(shellHost(), { ...place, folder: '/nowhere/at-all' }, signal);

    await expect(looking).rejects.toMatchObject({
      code: 'HOST_LOOK_FAILED',
      message: expect.stringContaining('there is no folder /nowhere/at-all') as string,
    });
  });

  it('looks as the owner where that is somebody else', async () => {
    const { place } = threeReleases();
    const host = shellHost({ info: { user: 'deploy' } });

    await listReleases(host, { ...place, owner: 'tradewizard' }, signal);
    await listReleases(host, { ...place, owner: 'deploy' }, signal);

    expect(host.scripts.map(({ as }) => as)).toEqual([{ user: 'tradewizard' }, 'login']);
  });
});
