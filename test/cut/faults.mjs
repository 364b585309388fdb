/** What can happen to a line or a host for a while, each with its end. */
import { pick } from '../kill/random.mjs';

/**
 * @typedef {{ machine: import('../lab/hosts/machine.mjs').Machine, line: import('../lab/hosts/line.mjs').Line }} Wire
 * @typedef {{ kind: keyof typeof faults, atLine: RegExp | null, afterMs: number, lastsMs: number }} Fault
 */

/** @type {Readonly<Record<string, { begin: (wire: Wire) => unknown, end: (wire: Wire) => unknown }>>} */
export const faults = {
  'connection reset': { begin: ({ line }) => line.cut(), end: ({ line }) => line.mend() },
  'silent line': { begin: ({ line }) => line.silence(), end: ({ line }) => line.mend() },
  'silent line, then reset': {
    begin: ({ line }) => line.silence(),
    end: ({ line }) => {
      line.cut();
      line.mend();
    },
  },
  'frozen machine': {
    begin: ({ machine }) => machine.freeze(),
    end: ({ machine }) => machine.thaw(),
  },
  'stopped sshd': {
    begin: ({ machine }) => machine.run('sh', '-c', 'pkill -STOP sshd || :'),
    end: ({ machine }) => machine.run('sh', '-c', 'pkill -CONT sshd || :'),
  },
};

const kinds = Object.keys(faults);

/**
 * Half of them anywhere in the run, half within the cutover, which is a small part of the time and all of the danger.
 * @param {() => number} random
 * @param {{ wholeMs: number, cutoverMs: number, from: number, to: number }} lengths `from` and `to` in seconds
 * @returns {Fault}
 */
export function drawFault(random, { wholeMs, cutoverMs, from, to }) {
  const kind = pick(random, kinds);
  const lastsMs = 1_000 * (from + random() * (to - from));
  return random() < 1 / 2
    ? { kind, lastsMs, atLine: null, afterMs: random() * wholeMs }
    : { kind, lastsMs, atLine: /^… Stop/u, afterMs: random() * cutoverMs };
}
