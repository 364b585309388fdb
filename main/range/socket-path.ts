import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { AppError } from '../../shared/errors/app-error.js';

/** A unix socket's path has room for 103 bytes on macOS and 107 on Linux. */
const LONGEST = 100;

/**
 * The socket's place for a world: short whatever the data folder is called, the same every time, and in a
 * folder only this user can enter.
 */
export async function claimSocketPath(
  stateFolder: string,
  socketFolder: string | undefined,
): Promise<string> {
  const name = createHash('sha256').update(path.resolve(stateFolder)).digest('hex').slice(0, 16);
  const folder = [socketFolder ?? os.tmpdir(), '/tmp']
    .map((base) => path.join(path.resolve(base), `lastgood-range-${userId()}`))
    .find((candidate) => Buffer.byteLength(candidate) + name.length + 6 < LONGEST);
  if (folder === undefined) {
    throw new AppError(
      'RANGE_FOLDER_UNSAFE',
      'There is no folder with a path short enough for a socket.',
    );
  }
  await makePrivate(folder);
  const socket = path.join(folder, `${name}.sock`);
  await removeStale(socket);
  return socket;
}

async function makePrivate(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== userId()) {
    throw new AppError('RANGE_FOLDER_UNSAFE', `${folder} is not a folder of this user.`);
  }
  await chmod(folder, 0o700);
}

async function removeStale(socket: string): Promise<void> {
  if (await isAnswered(socket)) {
    throw new AppError('RANGE_IN_USE', `Somebody already listens at ${socket}.`);
  }
  await rm(socket, { force: true });
}

/**
 * Whether this is the socket of a practice world that is alive: another console of this user may keep it. Only
 * names that `claimSocketPath` gives are asked, so that nothing real can be taken for practice.
 */
export async function isLiveWorldSocket(
  socket: string,
  socketFolder: string | undefined,
): Promise<boolean> {
  const folders = [socketFolder ?? os.tmpdir(), '/tmp'].map((base) =>
    path.join(path.resolve(base), `lastgood-range-${userId()}`),
  );
  const isOurs =
    folders.includes(path.dirname(socket)) && /^[0-9a-f]{16}\.sock$/.test(path.basename(socket));
  return isOurs &&
    (await lstat(socket).then(
      (found) => found.isSocket(),
      () => false,
    ))
    ? isAnswered(socket)
    : false;
}

/** The only connection the range ever opens, and only to its own socket: a dead file and a live engine look alike. */
function isAnswered(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect({ path: socket });
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code === 'EAGAIN');
    });
  });
}

function userId(): number {
  return process.getuid?.() ?? 0;
}
