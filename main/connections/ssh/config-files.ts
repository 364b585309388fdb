import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../shared/errors/app-error.js';
import { matchesPattern } from './host-patterns.js';
import { splitWords } from './settings.js';

const deepest = 16;
const block = /^\s*(?:host|match)(?:\s|=)/i;
const include = /^\s*include(?:\s+|\s*=\s*)(.+?)\s*$/i;
/** Back to "for every host", so that what follows does not belong to the last block before it. */
const everyHost = 'Host *';

/**
 * One text of a configuration file and all it includes, for where there is no OpenSSH to ask. The operator's file comes
 * before the system's: the first value of an option counts.
 */
export async function readConfigFiles(files: readonly string[], home: string): Promise<string> {
  const texts = await Promise.all(
    files.map(async (file) => readWithIncludes(file, path.join(home, '.ssh'), home, 0)),
  );
  return texts.join(`\n${everyHost}\n`);
}

async function readWithIncludes(
  file: string,
  folder: string,
  home: string,
  depth: number,
): Promise<string> {
  if (depth > deepest) {
    throw new AppError('SSH_CONFIG_INVALID', `${file} is included more than ${deepest} deep.`);
  }
  const lines: string[] = [];
  let header = everyHost;
  for (const [index, line] of (await readOrNothing(file)).split('\n').entries()) {
    const patterns = include.exec(line)?.[1];
    if (patterns === undefined) {
      header = block.test(line) ? line : header;
      lines.push(line);
      continue;
    }
    for (const found of await filesOf(patterns, folder, home)) {
      const text = await readWithIncludes(found, folder, home, depth + 1);
      if (header !== everyHost && text.split('\n').some((each) => block.test(each))) {
        throw new AppError(
          'SSH_CONFIG_INVALID',
          `${file}:${index + 1} includes ${found} for some hosts only, and that file names hosts itself. Install OpenSSH's ssh, which can follow this.`,
        );
      }
      lines.push(text, header);
    }
  }
  return lines.join('\n');
}

async function filesOf(patterns: string, folder: string, home: string): Promise<string[]> {
  const found = await Promise.all(
    splitWords(patterns).map(async (word) =>
      filesLike(
        word.startsWith('~/') ? path.join(home, word.slice(2)) : path.resolve(folder, word),
      ),
    ),
  );
  return found.flat();
}

/** Patterns stand in the last part of a path, as in `conf.d/*.conf`; files come in the order of their names. */
async function filesLike(full: string): Promise<string[]> {
  const pattern = path.basename(full);
  const parent = path.dirname(full);
  if (!/[*?[]/.test(full)) {
    return [full];
  }
  if (/[*?[]/.test(parent) || pattern.includes('[')) {
    throw new AppError(
      'SSH_CONFIG_INVALID',
      `Include ${full} has a pattern that only OpenSSH can follow; install its ssh.`,
    );
  }
  const names = await readdir(parent).catch(() => []);
  return names
    .filter(
      (name) => matchesPattern(pattern, name) && (!name.startsWith('.') || pattern.startsWith('.')),
    )
    .sort()
    .map((name) => path.join(parent, name));
}

async function readOrNothing(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      return '';
    }
    throw new AppError('SSH_CONFIG_INVALID', `${file} could not be read.`, { cause });
  }
}
