import { createInterface } from 'node:readline/promises';
import process from 'node:process';
import { Writable } from 'node:stream';

/** Somebody at the terminal who can be asked. */
export type Asking = {
  readonly canAsk: boolean;
  /** Anything but a clear yes is a no. */
  readonly ask: (question: string) => Promise<boolean>;
  /** What was typed; null when it was broken off. `isHidden`: nothing of it is shown. */
  readonly read: (
    prompt: string,
    options: { readonly isHidden: boolean },
    signal: AbortSignal,
  ) => Promise<string | null>;
};

/** One question at a time: two that read the same keys would share them out between them. */
let turn: Promise<unknown> = Promise.resolve();
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const next = turn.then(work, work);
  turn = next.catch(() => undefined);
  return next;
}

export const terminal: Asking = {
  get canAsk() {
    return process.stdin.isTTY;
  },
  ask: (question) =>
    inTurn(async () => {
      const lines = createInterface({ input: process.stdin, output: process.stderr });
      const answer = await lines.question(`${question} [y/N] `);
      lines.close();
      return answer.trim().toLowerCase() === 'y';
    }),
  read: (prompt, { isHidden }, signal) => inTurn(() => readLine(prompt, isHidden, signal)),
};

/** The line editor writes every key back, so what is hidden goes through one that writes nowhere. */
async function readLine(
  prompt: string,
  isHidden: boolean,
  signal: AbortSignal,
): Promise<string | null> {
  const nowhere = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const lines = createInterface({
    input: process.stdin,
    output: isHidden ? nowhere : process.stderr,
    terminal: true,
    historySize: 0,
  });
  const broken = new AbortController();
  lines.once('SIGINT', () => {
    broken.abort();
  });
  try {
    if (isHidden) {
      process.stderr.write(prompt);
    }
    const either = AbortSignal.any([signal, broken.signal]);
    return await lines.question(isHidden ? '' : prompt, { signal: either });
  } catch {
    return null;
  } finally {
    lines.close();
    if (isHidden) {
      process.stderr.write('\n');
    }
  }
}
