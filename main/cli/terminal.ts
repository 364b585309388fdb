import { createInterface } from 'node:readline/promises';
import process from 'node:process';

/** Somebody at the terminal who can be asked. */
export type Asking = {
  readonly canAsk: boolean;
  /** Anything but a clear yes is a no. */
  readonly ask: (question: string) => Promise<boolean>;
};

export const terminal: Asking = {
  get canAsk() {
    return process.stdin.isTTY;
  },
  ask: async (question) => {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    const answer = await lines.question(`${question} [y/N] `);
    lines.close();
    return answer.trim().toLowerCase() === 'y';
  },
};
