import { spawn } from 'node:child_process';
import type { ChildProcess, ChildProcessByStdio } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import { AppError } from '../../../shared/errors/app-error.js';

export type PipedProcess = ChildProcessByStdio<Writable, Readable, Readable>;

/** Starts the program with its three streams open to us. */
export function startPiped(program: string, words: readonly string[]): PipedProcess {
  const child = spawn(program, [...words], { stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
  // The other side may stop reading before we stop writing; its end tells what happened.
  child.stdin.on('error', () => undefined);
  return child;
}

/** Resolves when it has ended and everything it wrote was read. HOST_CLIENT_MISSING when there is no such program. */
export function endOf(child: ChildProcess, program: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.on('error', (cause) => {
      reject(new AppError('HOST_CLIENT_MISSING', `${program} could not be started.`, { cause }));
    });
    child.on('close', (code) => {
      resolve(code);
    });
  });
}

/** Runs it with nothing to read or say; answers with how it ended. */
export async function runQuietly(
  program: string,
  words: readonly string[],
  signal: AbortSignal,
): Promise<number | null> {
  const child = spawn(program, [...words], { stdio: 'ignore', windowsHide: true });
  const onAbort = (): void => {
    child.kill();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await endOf(child, program);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Empty when there is none. */
export async function readLog(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

export async function takeLog(file: string): Promise<string> {
  const text = await readLog(file);
  await rm(file, { force: true }).catch(() => undefined);
  return text;
}
