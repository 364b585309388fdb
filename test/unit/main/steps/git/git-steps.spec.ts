import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../host/script-bench.js';
import { build, gitWorld } from './git-world.js';

describe('a version that is built beside the one that serves', () => {
  it('leaves what serves as it is until it is switched', async () => {
    const { step, built, read, git, newest, work } = gitWorld();
    const beside = step('git.build-beside', { ...built, build });
    await beside.act();
    expect(readFileSync(join(work, 'dist/built'), 'utf8')).toBe('1.1.0');
    expect([read('dist/built'), git('rev-parse', 'HEAD')]).toEqual(['1.2.0', newest]);
    expect(await step('git.build-beside', { ...built, build }).act()).toMatchObject({
      wasAlready: true,
    });
  });

  it('comes over with its checkout by rename, and goes back with the branch', async () => {
    const { step, built, read, git, commit, newest } = gitWorld();
    await step('git.build-beside', { ...built, build }).act();
    const change = step('git.switch', built);
    expect((await change.act()).summary).toBe(
      `HEAD is detached at ${commit}, with what was built; it was ${newest} on branch main`,
    );
    expect([read('dist/built'), read('node_modules/version'), read('version')]).toEqual([
      '1.1.0',
      '1.1.0',
      '1.1.0',
    ]);
    expect(read('.env')).toBe('SECRET=1\n');
    expect(await step('git.switch', built).act()).toMatchObject({ wasAlready: true });

    await change.undo();
    expect([read('dist/built'), read('node_modules/version'), read('version')]).toEqual([
      '1.2.0',
      '1.2.0',
      '1.2.0',
    ]);
    expect(git('symbolic-ref', '--short', 'HEAD')).toBe('main');
    await change.undoAgain();
    expect(read('dist/built')).toBe('1.2.0');
  });

  it('is gone again when it is taken back', async () => {
    const { step, built, work, git } = gitWorld();
    const beside = step('git.build-beside', { ...built, build });
    await beside.act();
    await beside.undo();
    expect(existsSync(work)).toBe(false);
    expect(git('worktree', 'list').split('\n')).toHaveLength(1);
    await beside.undoAgain();
  });

  it('stays for as long as it keeps what was built for the version before', async () => {
    const { bench, step, built } = gitWorld();
    const beside = step('git.build-beside', { ...built, build });
    await beside.act();
    await step('git.switch', built).act();
    await expect(beside.undo()).rejects.toThrow(
      'still keeps what was built for the version before',
    );
    expect(existsSync(bench.at('app dir.next/.lastgood-before/dist/built'))).toBe(true);
  });

  it('goes by name when the run is closed, and then the checkout cannot be taken back by it any more', async () => {
    const { step, built, work, git, read } = gitWorld();
    const beside = step('git.build-beside', { ...built, build });
    await beside.act();
    const change = step('git.switch', built);
    await change.act();

    expect(await beside.closeUp()).toEqual([expect.stringContaining(`${work} is removed`)]);
    expect(await change.closeUp()).toEqual([]);

    expect(existsSync(work)).toBe(false);
    expect(git('worktree', 'list').split('\n')).toHaveLength(1);
    expect([read('dist/built'), read('version')]).toEqual(['1.1.0', '1.1.0']);
    await expect(change.undo()).rejects.toThrow('nothing was taken back');
    expect(read('dist/built')).toBe('1.1.0');
  });

  it('is built from the beginning where the first build failed', async () => {
    const { step, built, work } = gitWorld();
    const broken = step('git.build-beside', {
      ...built,
      build: [['sh', '-c', 'mkdir dist; exit 3']],
    });
    await expect(broken.act()).rejects.toThrow('what serves was not touched');
    expect((await broken.look()).isDone).toBe(false);
    await step('git.build-beside', { ...built, build }).act();
    expect(readFileSync(join(work, 'dist/built'), 'utf8')).toBe('1.1.0');
  });

  it('never takes the place of a folder that no run made', async () => {
    const { step, built, work } = gitWorld();
    mkdirSync(work);
    writeFileSync(join(work, 'mine'), '');
    const beside = step('git.build-beside', { ...built, build });
    await expect(beside.act()).rejects.toThrow('that no run made; nothing was built');
    await expect(beside.undo()).rejects.toThrow('that no run made; it stays');
    expect(existsSync(join(work, 'mine'))).toBe(true);
  });

  it('is refused where what the build makes is tracked', async () => {
    const { step, built, git, file } = gitWorld();
    file('made/x', '');
    git('add', '--force', 'made/x');
    const beside = step('git.build-beside', { ...built, built: ['made'], build });
    await expect(beside.act()).rejects.toThrow('made is tracked by git');
  });
});

describe('a checkout with changes of somebody', () => {
  it('is refused before anything stops; untracked files do not matter', async () => {
    const { step, file } = gitWorld();
    file('untracked', '');
    expect((await step('git.check-tree', { changes: 'refuse' }).act()).summary).toContain(
      'No tracked file is changed; branch main at',
    );
    file('version', 'mine');
    await expect(step('git.check-tree', { changes: 'refuse' }).act()).rejects.toMatchObject({
      code: 'GIT_TREE_CHANGED',
    });
    expect((await step('git.check-tree', { changes: 'stash' }).act()).summary).toContain(
      '1 tracked file changed',
    );
  });

  it('is never checked out over', async () => {
    const { step, file, read, built, commit } = gitWorld();
    file('version', 'mine');
    await step('git.build-beside', { ...built, build }).act();
    await expect(step('git.switch', built).act()).rejects.toThrow('are changed; it is as it was');
    await expect(step('git.checkout', { commit }).act()).rejects.toThrow(
      'are changed; it is as it was',
    );
    expect([read('version'), read('dist/built')]).toEqual(['mine', '1.2.0']);
  });

  it('has them put aside by choice, and back at the end', async () => {
    const { step, file, read, commit } = gitWorld();
    file('version', 'mine');
    const stash = step('git.stash', { run });
    await stash.act();
    const checkout = step('git.checkout', { commit });
    await checkout.act();
    expect([read('version'), read('.env')]).toEqual(['1.1.0', 'SECRET=1\n']);
    await checkout.undo();
    await stash.undo();
    expect(read('version')).toBe('mine');
    expect(await stash.undoAgain()).toContain('is put aside');
  });
});

describe('the written order, in place', () => {
  const npm = `#!/bin/sh
echo "npm $*"
case $1 in
  ci) mkdir -p node_modules && cp version node_modules/version ;;
  run) [ -e node_modules/version ] && mkdir -p dist && cp version dist/built ;;
esac
`;

  it('checks out, installs and builds, and puts all three back', async () => {
    const { bench, step, read, repository, git, commit } = gitWorld();
    bench.line.addProgram('npm', npm);
    const inPlace = (kind: string, makes: string) =>
      bench.step(kind, {
        host: 'app-1',
        folder: repository,
        makes,
        keepAs: bench.at(`kept ${makes}`),
      });
    const checkout = step('git.checkout', { commit });
    const install = inPlace('npm.install', 'node_modules');
    const make = inPlace('npm.build', 'dist');
    for (const one of [checkout, install, make]) {
      await one.act();
    }
    expect([read('dist/built'), read('node_modules/version')]).toEqual(['1.1.0', '1.1.0']);
    expect(bench.said.join('\n')).toContain('npm ci --include=dev');

    for (const one of [make, install, checkout]) {
      await one.undo();
    }
    expect([read('dist/built'), read('node_modules/version'), read('version')]).toEqual([
      '1.2.0',
      '1.2.0',
      '1.2.0',
    ]);
    expect(git('symbolic-ref', '--short', 'HEAD')).toBe('main');
    expect(await make.undoAgain()).toBe('dist was not replaced');
  });

  it('refuses a checkout that somebody moved since it was looked at', async () => {
    const { step, git, commit } = gitWorld();
    const checkout = step('git.checkout', { commit });
    await checkout.act();
    await checkout.undo();
    git('commit', '--quiet', '--allow-empty', '--message', 'somebody else');
    const there = git('rev-parse', 'HEAD');
    await expect(checkout.act()).rejects.toThrow('somebody changed it');
    expect(git('rev-parse', 'HEAD')).toBe(there);
  });
});
