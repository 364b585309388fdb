import { Duplex } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../../../shared/errors/app-error.js';
import { stopped } from './ssh-errors.js';
import { lastWords } from './system-log.js';
import { endOf, readLog, startPiped, takeLog } from './system-process.js';
import type { PipedProcess } from './system-process.js';

export type ForwardOptions = {
  readonly program: string;
  readonly words: (before: readonly string[], log: string) => readonly string[];
  readonly log: string;
  /** The host that makes the connection. */
  readonly from: string;
};

const pollMs = 10;
/** What the program notes once the other end has answered. */
const reached = /master session id|open confirm rwindow/;

/** A TCP connection made by the host, through the program's own streams. HOST_FORWARD_REFUSED. */
export async function forwardBySystem(
  { program, words, log, from }: ForwardOptions,
  place: string,
  signal: AbortSignal,
): Promise<Duplex> {
  const child = startPiped(program, words(['-vv', '-W', place], log));
  const state = { isOver: false };
  const ended = endOf(child, program)
    .catch(() => null)
    .then(() => {
      state.isOver = true;
    });
  child.stderr.resume();
  // Taken hold of at once: when the program ends, what nobody reads would be thrown away.
  const stream = streamOf(child);
  // Whoever uses it listens as well; without this one a late error would bring the console down.
  stream.on('error', () => undefined);
  for (;;) {
    const wasOver = state.isOver;
    // Only its log says that the other end was reached.
    const said = await readLog(log);
    if (reached.test(said)) {
      void ended.then(() => takeLog(log));
      return stream;
    }
    if (wasOver || signal.aborted) {
      stream.destroy();
      await takeLog(log);
      throw wasOver
        ? new AppError('HOST_FORWARD_REFUSED', `${from} to ${place}: ${lastWords(said)}`)
        : stopped(from);
    }
    await Promise.race([wait(pollMs), ended]);
  }
}

/** The program's two streams as one; a program that has ended is a connection that was closed. */
function streamOf(child: PipedProcess): Duplex {
  const stream = new Duplex({
    read: () => {
      child.stdout.resume();
    },
    write: (chunk: Buffer, _encoding, done) => {
      child.stdin.write(chunk, (error) => {
        done(error);
      });
    },
    final: (done) => {
      child.stdin.end(() => {
        done();
      });
    },
    destroy: (error, done) => {
      child.kill();
      done(error);
    },
  });
  child.stdout.on('data', (chunk: Buffer) => {
    if (!stream.push(chunk)) {
      child.stdout.pause();
    }
  });
  child.stdout.on('end', () => {
    stream.push(null);
  });
  return stream;
}
