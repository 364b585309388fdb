import { Duplex } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../../../shared/errors/app-error.js';
import { stopped } from './ssh-errors.js';
import { lastWords } from './system-log.js';
import { endOf, readLog, startPiped, takeLog } from './system-process.js';

export type ForwardOptions = {
  readonly program: string;
  readonly words: (before: readonly string[], log: string) => readonly string[];
  readonly log: string;
  /** The host that makes the connection. */
  readonly from: string;
};

const pollMs = 10;
/** What the program notes once the other end has answered. */
const reached = /master session id|Entering interactive session/;

/** A TCP connection made by the host, through the program's own streams. HOST_FORWARD_REFUSED. */
export async function forwardBySystem(
  { program, words, log, from }: ForwardOptions,
  place: string,
  signal: AbortSignal,
): Promise<Duplex> {
  const child = startPiped(program, words(['-v', '-W', place], log));
  const state = { isOver: false };
  const ended = endOf(child, program)
    .catch(() => null)
    .then(() => {
      state.isOver = true;
    });
  child.stderr.resume();
  // Only its log says that the other end was reached.
  while (!reached.test(await readLog(log)) && !state.isOver) {
    if (signal.aborted) {
      child.kill();
      throw stopped(from);
    }
    await Promise.race([wait(pollMs), ended]);
  }
  if (state.isOver) {
    const said = lastWords(await takeLog(log));
    throw new AppError('HOST_FORWARD_REFUSED', `${from} to ${place}: ${said}`);
  }
  void ended.then(() => takeLog(log));
  const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
  // Whoever uses it listens as well; without this one a late error would bring the console down.
  stream.on('error', () => undefined);
  stream.on('close', () => child.kill());
  return stream;
}
