import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { build, gitWorld } from './git-world.js';

describe('a switch to a version that was built beside', () => {
  it('moves nothing where something stands in the place of what it keeps', async () => {
    const { bench, step, built, read, file } = gitWorld();
    file('lib/made/version', '1.2.0');
    const three = { ...built, built: ['lib/made', 'dist', 'node_modules'] };
    const make =
      'mkdir -p dist node_modules lib/made && cp version dist/built && cp version lib/made/';
    await step('git.build-beside', { ...three, build: [['sh', '-c', make]] }).act();
    const kept = bench.at('app dir.next', '.lastgood-before');
    const all = () => [read('lib/made/version'), read('dist/built'), read('node_modules/version')];

    mkdirSync(join(kept, 'node_modules'), { recursive: true });
    await expect(step('git.switch', three).act()).rejects.toThrow('is there already');
    expect(all()).toEqual(['1.2.0', '1.2.0', '1.2.0']);
    rmSync(kept, { recursive: true });

    // Whoever has the checkout must not choose where root moves things to.
    mkdirSync(bench.at('elsewhere'));
    symlinkSync(bench.at('elsewhere'), kept);
    await expect(step('git.switch', three).act()).rejects.toThrow('is a link');
    expect(all()).toEqual(['1.2.0', '1.2.0', '1.2.0']);
    expect(readdirSync(bench.at('elsewhere'))).toEqual([]);
  });

  it.each([
    { where: 'before the first was set aside', aside: [], over: [] },
    { where: 'when one was set aside', aside: ['dist'], over: [] },
    { where: 'when all were set aside', aside: ['dist', 'node_modules'], over: [] },
    { where: 'when one was brought over', aside: ['dist', 'node_modules'], over: ['dist'] },
  ])('goes to its end and back where it was cut off $where', async ({ aside, over }) => {
    const { repository, work, step, built, read, git, newest, commit } = gitWorld();
    await step('git.build-beside', { ...built, build }).act();
    const change = step('git.switch', built);
    const cutOff = async (): Promise<void> => {
      change.state = { ...change.state, before: await change.capture(), attempt: 1 };
      git('checkout', '--quiet', '--detach', commit);
      mkdirSync(join(work, '.lastgood-before'), { recursive: true });
      for (const folder of aside) {
        renameSync(join(repository, folder), join(work, '.lastgood-before', folder));
      }
      for (const folder of over) {
        renameSync(join(work, folder), join(repository, folder));
      }
    };
    const all = () => [read('dist/built'), read('node_modules/version'), git('rev-parse', 'HEAD')];

    await cutOff();
    expect(await change.look()).toMatchObject({ isDone: false });
    await change.undo();
    expect(all()).toEqual(['1.2.0', '1.2.0', newest]);
    await cutOff();
    await change.act();
    expect(all()).toEqual(['1.1.0', '1.1.0', commit]);
    expect(await change.look()).toMatchObject({ isDone: true });
    await change.undo();
    expect(all()).toEqual(['1.2.0', '1.2.0', newest]);
  });

  it('is not taken for brought over where it is a link that leads nowhere', async () => {
    const { work, step, built } = gitWorld();
    await step('git.build-beside', { ...built, build }).act();
    rmSync(join(work, 'node_modules'), { recursive: true });
    symlinkSync('nowhere', join(work, 'node_modules'));
    mkdirSync(join(work, '.lastgood-before'));
    renameSync(join(work, 'dist'), join(work, '.lastgood-before', 'dist'));

    expect((await step('git.switch', built).look()).facts).toMatch(
      /Not brought over: node_modules\.$/,
    );
  });

  it('comes over and goes back where it lies in a folder of the checkout', async () => {
    const { step, built, read, file } = gitWorld();
    file('lib/made/version', '1.2.0');
    const inner = { ...built, built: ['dist', 'lib/made'] };
    const make = 'mkdir -p dist lib/made && cp version dist/built && cp version lib/made/';
    await step('git.build-beside', { ...inner, build: [['sh', '-c', make]] }).act();
    const change = step('git.switch', inner);
    await change.act();
    expect([read('dist/built'), read('lib/made/version')]).toEqual(['1.1.0', '1.1.0']);
    await change.undo();
    expect([read('dist/built'), read('lib/made/version')]).toEqual(['1.2.0', '1.2.0']);
  });
});
