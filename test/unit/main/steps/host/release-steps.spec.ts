import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../../../shared/json.js';
import { fill } from './folders.js';
import { scriptBench } from './script-bench.js';

/** Two releases and what leads to the newer one; whoever runs the tests plays root. */
function releaseWorld() {
  const bench = scriptBench({ user: 'root' });
  fill(bench.home, { 'releases/v1.1.0/.env': 'A=1\n', 'releases/v1.2.0/.env': 'A=2\n' });
  const link = bench.at('current');
  const [target, old] = [bench.at('releases', 'v1.1.0'), bench.at('releases', 'v1.2.0')];
  symlinkSync(old, link);
  const place = { host: 'app-1' };
  const switchLink = bench.step('host.switch-link', {
    ...place,
    link,
    target,
    keepAs: bench.at('kept'),
  });
  const restore = (change: Record<string, Json> = {}) =>
    bench.step('host.restore-file', {
      ...place,
      from: join(target, '.env'),
      to: join(link, '.env'),
      keepAs: bench.at('kept.env'),
      ...change,
    });
  return { bench, link, target, old, switchLink, restore };
}

const read = (path: string): string => readFileSync(path, 'utf8');

describe('the link to what serves', () => {
  it('leads to the target and back, and is not touched where it does already', async () => {
    const { link, target, old, switchLink } = releaseWorld();
    await switchLink.act();
    expect(readlinkSync(link)).toBe(target);
    expect(await switchLink.act()).toMatchObject({ wasAlready: true });
    await switchLink.undo();
    expect(readlinkSync(link)).toBe(old);
    await switchLink.undoAgain();
    expect(readlinkSync(link)).toBe(old);
  });

  it('takes the place of a folder that is kept aside, and gives it back', async () => {
    const { bench, link, target, switchLink } = releaseWorld();
    rmSync(link);
    fill(bench.home, { 'current/own': 'mine' });
    await switchLink.act();
    expect([readlinkSync(link), read(bench.at('kept', 'own'))]).toEqual([target, 'mine']);
    await switchLink.undo();
    expect([lstatSync(link).isSymbolicLink(), read(join(link, 'own'))]).toEqual([false, 'mine']);
  });

  it('stays where the target is gone, or where something stands in the place of what is to be kept', async () => {
    const { bench, link, old, target, switchLink } = releaseWorld();
    rmSync(target, { recursive: true });
    await expect(switchLink.act()).rejects.toThrow('there is no folder');
    expect(readlinkSync(link)).toBe(old);
    mkdirSync(target);
    rmSync(link);
    fill(bench.home, { 'current/own': 'mine', 'kept/other': 'theirs' });
    const again = bench.step('host.switch-link', {
      host: 'app-1',
      link,
      target,
      keepAs: bench.at('kept'),
    });
    await expect(again.act()).rejects.toThrow('is in the way');
    expect([read(join(link, 'own')), read(bench.at('kept', 'other'))]).toEqual(['mine', 'theirs']);
  });

  it('is left alone where somebody changed it after it was looked at', async () => {
    const { bench, link, switchLink } = releaseWorld();
    const theirs = bench.at('releases', 'theirs');
    mkdirSync(theirs);
    await switchLink.capture();
    rmSync(link);
    symlinkSync(theirs, link);
    await expect(switchLink.act()).rejects.toThrow(
      `it leads to ${theirs}; somebody changed it, so it stays`,
    );
    expect(readlinkSync(link)).toBe(theirs);
  });

  it('is never missing while it is exchanged', async () => {
    const { link, switchLink } = releaseWorld();
    const over = new AbortController();
    const done = switchLink.act().finally(() => {
      over.abort();
    });
    let looks = 0;
    while (!over.signal.aborted) {
      expect(existsSync(join(link, '.env'))).toBe(true);
      looks += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await done;
    expect(looks).toBeGreaterThan(1);
  });
});

describe('a file of the target', () => {
  it('is put in its place where that is another file, and what stood there goes back', async () => {
    const { link, old, restore } = releaseWorld();
    const step = restore();
    await step.act();
    expect(read(join(link, '.env'))).toBe('A=1\n');
    await step.undo();
    expect(read(join(old, '.env'))).toBe('A=2\n');
  });

  it('is never copied onto itself: behind the link both are one file', async () => {
    const { target, switchLink, restore } = releaseWorld();
    await switchLink.act();
    expect(await restore().act()).toMatchObject({ wasAlready: true });
    expect(read(join(target, '.env'))).toBe('A=1\n');
  });

  it('is not removed when it is taken back although the old version had none', async () => {
    const { bench, target, old, switchLink, restore } = releaseWorld();
    rmSync(join(old, '.env'));
    // Looked at before the link is switched, as in a cutover.
    const step = restore();
    step.state = { ...step.state, before: { sha256: null }, attempt: 1 };
    await switchLink.act();
    await step.act();
    await step.undo();
    expect(read(join(target, '.env'))).toBe('A=1\n');
    expect(existsSync(bench.at('kept.env'))).toBe(false);
  });

  it('that was changed by somebody after it was put there is not removed', async () => {
    const { bench, restore } = releaseWorld();
    const to = bench.at('elsewhere.env');
    const step = restore({ to });
    await step.act();
    writeFileSync(to, 'edited by hand');
    await expect(step.undo()).rejects.toThrow('was changed since; it stays');
    expect(read(to)).toBe('edited by hand');
  });
});

describe('looking at the target before anything stops', () => {
  it('refuses a release in which something is missing', async () => {
    const { bench, target } = releaseWorld();
    const check = (...complete: string[]) =>
      bench.step('host.check-release', { host: 'app-1', release: target, complete }).act();
    expect((await check('.env')).summary).toContain('is complete');
    await expect(check('.env', 'dist/main.js')).rejects.toThrow('dist/main.js is missing');
  });

  it('shows by names and hashes which configuration it brings, and no value', async () => {
    const { bench, target, old } = releaseWorld();
    fill(target, { '.env': 'SECRET=first-value\nSAME=x\n' });
    fill(old, { '.env': 'SECRET=second-value\nSAME=x\nGONE=third-value\n' });
    const params = { host: 'app-1', current: old, release: target, files: ['.env'] };
    const { summary } = await bench.step('host.compare-config', params).act();
    const all = [summary, ...bench.said].join('\n');
    expect(all).toContain('SECRET');
    expect(all).toContain('GONE');
    expect(all).not.toMatch(/first-value|second-value|third-value/);
  });

  it('names no more of a file than anybody reads', async () => {
    const { bench, target, old } = releaseWorld();
    const lines = Array.from({ length: 300 }, (_, at) => `NAME_${String(at)}=x`);
    fill(target, { '.env': 'SAME=x\n' });
    fill(old, { '.env': `SAME=x\n${lines.join('\n')}\n` });
    const params = { host: 'app-1', current: old, release: target, files: ['.env'] };
    await bench.step('host.compare-config', params).act();
    expect(bench.said.filter((line) => line.includes('NAME_'))).toHaveLength(200);
  });
});
