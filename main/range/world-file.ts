import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../shared/errors/app-error.js';
import { World } from './world.js';

/** Keeps a world on disk, so that a run whose console was killed finds it as it left it. */
export type WorldFile = {
  /** Null when there is none yet; RANGE_STATE_BROKEN when it cannot be read. */
  readonly load: () => Promise<World | null>;
  /** Resolves once the world, as it was when this was called or later, is on disk. */
  readonly save: (world: World) => Promise<void>;
  /** From now on nothing is written: a late answer must not overwrite a world that was laid anew. */
  readonly close: () => void;
};

export function createWorldFile(file: string): WorldFile {
  let writing: Promise<void> = Promise.resolve();
  let next: Promise<void> | null = null;
  let isClosed = false;
  return {
    load: () => load(file),
    close: () => {
      isClosed = true;
    },
    save: (world) => {
      if (isClosed) {
        return Promise.resolve();
      }
      // Changes that come while a write is under way share the next one.
      next ??= writing.then(() => {
        next = null;
        const text = JSON.stringify(world, null, 2);
        const attempt = replace(file, text);
        writing = attempt.catch(() => undefined);
        return attempt;
      });
      return next;
    },
  };
}

async function load(file: string): Promise<World | null> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) {
      return null;
    }
    throw broken(file, error);
  });
  if (text === null) {
    return null;
  }
  try {
    return World.parse(JSON.parse(text));
  } catch (error) {
    throw broken(file, error);
  }
}

async function replace(file: string, text: string): Promise<void> {
  const draft = `${file}.${randomUUID()}.tmp`;
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw new AppError('RANGE_WRITE_FAILED', `${file} could not be written.`, { cause });
  }
}

function broken(file: string, cause: unknown): AppError {
  return new AppError('RANGE_STATE_BROKEN', `${file} cannot be read.`, { cause });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
