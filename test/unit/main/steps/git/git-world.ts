import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../../../../../shared/json.js';
import { scriptBench } from '../host/script-bench.js';

/** What a build makes, by a shell alone. */
export const build = [
  ['sh', '-c', 'mkdir -p dist node_modules && cat version >dist/built && cp version node_modules/'],
];

/** A checkout with two versions, the newer one built and serving from branch `main`. */
export function gitWorld() {
  const bench = scriptBench();
  const repository = bench.at('app dir');
  const work = bench.at('app dir.next');
  mkdirSync(repository);
  const git = (...words: string[]): string =>
    execFileSync('git', ['-C', repository, '-c', 'user.name=A', '-c', 'user.email=a@b', ...words], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: bench.home },
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  const file = (name: string, text: string): void => {
    mkdirSync(join(repository, name, '..'), { recursive: true });
    writeFileSync(join(repository, name), text);
  };
  git('init', '--quiet', '--initial-branch=main');
  const commits = ['1.1.0', '1.2.0'].map((version) => {
    file('version', version);
    file('.gitignore', 'dist\nnode_modules\n.env\n');
    git('add', '--all');
    git('commit', '--quiet', '--message', version);
    return git('rev-parse', 'HEAD');
  });
  file('.env', 'SECRET=1\n');
  file('dist/built', '1.2.0');
  file('node_modules/version', '1.2.0');
  const [commit = '', newest = ''] = commits;
  const place = { host: 'app-1', repository };
  const built = { ...place, commit, work, built: ['dist', 'node_modules'] };
  const step = (kind: string, params: Record<string, Json> = {}) =>
    bench.step(kind, { ...place, ...params });
  const read = (name: string): string => readFileSync(join(repository, name), 'utf8');
  return { bench, repository, work, git, file, commit, newest, built, step, read };
}
