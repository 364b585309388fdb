import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { gitWorld } from './git-world.js';

it('sees where a checkout is wherever git keeps that', async () => {
  const { bench, step, git, commit, newest } = gitWorld();
  const facts = async (): Promise<string> => (await step('git.checkout', { commit }).look()).facts;
  const onMain = `branch main at ${newest.slice(0, 10)}`;
  expect(await facts()).toContain(onMain);
  git('pack-refs', '--all');
  expect(await facts()).toContain(onMain);
  // A branch of few letters and digits may look like a commit.
  git('checkout', '--quiet', '-b', '0abc');
  expect(await facts()).toContain(`branch 0abc at ${newest.slice(0, 10)}`);
  git('checkout', '--quiet', '--detach', commit);
  expect(await facts()).toContain(`HEAD is detached at ${commit.slice(0, 10)}`);
  git('checkout', '--quiet', 'main');
  git('symbolic-ref', 'refs/heads/same', 'refs/heads/main');
  git('symbolic-ref', 'HEAD', 'refs/heads/same');
  expect(await facts()).toContain(`at ${newest.slice(0, 10)}`);
  git('worktree', 'add', '--quiet', '--detach', bench.at('other'), commit);
  const other = bench.step('git.checkout', {
    host: 'app-1',
    repository: bench.at('other'),
    commit,
  });
  expect((await other.look()).facts).toContain(`HEAD is detached at ${commit.slice(0, 10)}`);
});

it('tells git’s words where git refuses', async () => {
  const { bench, step, file, git, commit } = gitWorld();
  const inTheWay = Array.from({ length: 3 }, (_, index) => `way-${String(index)}`);
  git('checkout', '--quiet', '-b', 'wide', commit);
  inTheWay.forEach((name) => {
    file(name, 'tracked');
  });
  git('add', '--all');
  git('commit', '--quiet', '--message', 'wide');
  const wide = git('rev-parse', 'HEAD');
  git('checkout', '--quiet', 'main');
  inTheWay.forEach((name) => {
    file(name, 'of somebody');
  });

  const checkout = step('git.checkout', { commit: wide });
  await expect(checkout.act()).rejects.toThrow('see its words above');

  const said = bench.said.join('\n');
  expect(said).toContain('would be overwritten by checkout');
  expect(git('symbolic-ref', '--short', 'HEAD')).toBe('main');
});

it('reads nothing that the place of a checkout leads to', async () => {
  const { bench, repository, step, commit } = gitWorld();
  // Like a secret of another account that is made of the same letters.
  writeFileSync(bench.at('secret'), `${commit}\n`);
  rmSync(join(repository, '.git/HEAD'));
  symlinkSync(bench.at('secret'), join(repository, '.git/HEAD'));
  await expect(step('git.checkout', { commit }).look()).rejects.toThrow('is not a git checkout');
});
