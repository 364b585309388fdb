import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listCommits } from '../../../../../main/steps/host/commits.js';
import { previewCommit } from '../../../../../main/steps/host/preview.js';
import { shellHost } from '../../../../fakes/shell-host.js';
import { fill, programs, temporary } from './folders.js';

const { signal } = new AbortController();

/** Three commits, the first two tagged, one minute apart. */
function checkout(): { repository: string; git: (...words: string[]) => string } {
  const repository = temporary();
  let minute = 0;
  const git = (...words: string[]): string => {
    const date = `2026-11-20T10:0${String(minute)}:00Z`;
    const who = { GIT_AUTHOR_NAME: 'Ada, the Second', GIT_AUTHOR_EMAIL: 'ada@example.org' };
    const env = { ...who, GIT_COMMITTER_NAME: 'Ada', GIT_COMMITTER_EMAIL: 'ada@example.org' };
    return execFileSync('git', ['-C', repository, ...words], {
      encoding: 'utf8',
      env: { PATH: '/usr/bin:/bin', ...env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  };
  git('init', '--quiet', '--initial-branch=main');
  for (const [version, text] of [
    ['v1.0.0', 'First'],
    ['v1.1.0', 'Second: with, commas'],
    [null, 'Third $(id) "quoted"'],
  ] as const) {
    fill(repository, { 'index.js': text });
    git('add', '.');
    git('commit', '--quiet', '-m', text);
    if (version !== null) {
      git('tag', version);
    }
    minute += 1;
  }
  return { repository, git };
}

const place = (repository: string, limit = 10) => ({ repository, limit, owner: null });

describe('looking for commits on a host', () => {
  it('finds commits and tags with author, age and message, and what is checked out', async () => {
    const { repository, git } = checkout();

    const targets = await listCommits(shellHost(), place(repository), signal);

    expect(targets).toMatchObject([
      {
        version: git('rev-parse', 'HEAD').slice(0, 10),
        isServing: true,
        subject: 'Third $(id) "quoted"',
      },
      { version: 'v1.1.0', names: ['v1.1.0'], isServing: false, subject: 'Second: with, commas' },
      { version: 'v1.0.0', author: 'Ada, the Second', createdAt: '2026-11-20T10:00:00.000Z' },
    ]);
    expect(targets[0]?.id).toBe(git('rev-parse', 'HEAD'));
  });

  it('still finds the newer ones after an older one was checked out', async () => {
    const { repository, git } = checkout();
    git('checkout', '--quiet', 'v1.0.0');

    const targets = await listCommits(shellHost(), place(repository), signal);

    expect(targets).toHaveLength(3);
    expect(targets.find(({ isServing }) => isServing)?.version).toBe('v1.0.0');
  });

  it('finds a tag that lies further back than the limit', async () => {
    const { repository } = checkout();

    const targets = await listCommits(shellHost(), place(repository, 2), signal);

    expect(targets.map(({ version }) => version).slice(1)).toEqual(['v1.1.0', 'v1.0.0']);
  });

  it('says that a folder is no checkout', async () => {
    await expect(listCommits(shellHost(), place(temporary()), signal)).rejects.toMatchObject({
      code: 'HOST_LOOK_FAILED',
      message: expect.stringContaining('is not a git checkout') as string,
    });
  });
});

describe('whether one can still go back to a commit', () => {
  const systemctl = programs.bind(null, {
    systemctl: `case "$*" in *--value*) echo 1 ;; *) printf 'LoadState=loaded\\nActiveState=active\\nSubState=running\\nMainPID=0\\n' ;; esac`,
  });

  it('shows the commit, the work tree, the room and the unit', async () => {
    const { repository } = checkout();
    const port = shellHost({ programs: systemctl() });
    const [, target] = await listCommits(port, place(repository), signal);

    const items = await previewCommit(
      { port, process: { kind: 'systemd', unit: 'tradewizard' }, signal },
      place(repository),
      target!,
    );

    const texts = Object.fromEntries(items.map(({ id, state, text }) => [id, `${state}: ${text}`]));
    expect(texts).toMatchObject({
      target: expect.stringContaining('green: v1.1.0 is in the repository') as string,
      tree: 'green: clean, on branch main',
      service: 'green: tradewizard is active (running)',
    });
  });

  it('warns of tracked files that were changed, and leaves those alone that are not tracked', async () => {
    const { repository } = checkout();
    const port = shellHost({ programs: systemctl() });
    const [, target] = await listCommits(port, place(repository), signal);
    writeFileSync(join(repository, '.env'), 'SECRET=1');
    const ask = { port, process: { kind: 'systemd', unit: 'x' } as const, signal };
    const tree = async () =>
      (await previewCommit(ask, place(repository), target!)).find(({ id }) => id === 'tree')?.text;

    expect(await tree()).toBe('clean, on branch main');
    writeFileSync(join(repository, 'index.js'), 'changed by hand');
    expect(await tree()).toBe('changed since its commit: index.js');
  });

  it('says that a commit is gone', async () => {
    const { repository } = checkout();
    const port = shellHost({ programs: systemctl() });
    const [, target] = await listCommits(port, place(repository), signal);

    const items = await previewCommit(
      { port, process: { kind: 'systemd', unit: 'x' }, signal },
      place(repository),
      { ...target!, id: '0'.repeat(40) },
    );

    expect(items.find(({ id }) => id === 'target')).toMatchObject({ state: 'red' });
  });
});
