import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Keepalive } from './connection.js';
import type { LinePlan } from './plan.js';
import { stopped } from './ssh-errors.js';
import { readFailure, readFingerprint } from './system-log.js';
import { endOf, readLog, runQuietly, takeLog } from './system-process.js';
import { connectionWords, joinWords, options, wordsTo } from './system-words.js';
import type { SystemWords } from './system-words.js';

/** How commands of one line find their way to the host. */
export interface SystemWay {
  /** Everything before a command's own text; the program writes about itself into `log`. */
  words(before: readonly string[], log: string): readonly string[];
  /** Whether a command that ended with 255 lost its line, judged by what the program wrote about it. */
  hasFallen(log: string): Promise<boolean>;
  readonly isUp: boolean;
  close(): Promise<void>;
}

export type WayOptions = {
  readonly name: string;
  readonly plan: LinePlan;
  readonly system: SystemWords;
  readonly keepalive: Keepalive;
  /** Short, ours alone: holds the socket and the logs. */
  readonly folder: string;
  readonly onFall: () => void;
};

export type OpenedWay = { readonly way: SystemWay; readonly fingerprint: string };

const pollMs = 15;

/** One connection that all commands join. */
export async function openSharedWay(options: WayOptions, signal: AbortSignal): Promise<OpenedWay> {
  const { name, plan, system, folder, keepalive } = options;
  const log = path.join(folder, 'line.log');
  await takeLog(log);
  const socket = path.join(folder, 's');
  const words = wordsTo(plan.hops, system, ['-N', ...connectionWords(socket, log, keepalive)]);
  const master = spawn(system.program, words, { stdio: 'ignore', windowsHide: true });
  const way = new SharedWay(master, socket, options);
  while (!(await isThere(socket))) {
    if (signal.aborted) {
      await way.close();
      throw stopped(name);
    }
    if (!way.isUp) {
      await way.ended;
      throw readFailure(name, await readLog(log));
    }
    await Promise.race([wait(pollMs), way.ended]);
  }
  const fingerprint = readFingerprint(await readLog(log));
  if (fingerprint === null) {
    await way.close();
    throw readFailure(name, 'it did not say which key it verified');
  }
  return { way, fingerprint };
}

class SharedWay implements SystemWay {
  readonly ended: Promise<unknown>;
  readonly #master: ChildProcess;
  readonly #socket: string;
  readonly #program: string;
  #isUp = true;

  constructor(master: ChildProcess, socket: string, { system, onFall }: WayOptions) {
    this.#master = master;
    this.#socket = socket;
    this.#program = system.program;
    const fall = (): void => {
      this.#isUp = false;
      onFall();
    };
    this.ended = endOf(master, system.program).finally(fall);
    this.ended.catch(() => undefined);
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  words(before: readonly string[], log: string): readonly string[] {
    return [...joinWords(this.#socket, log), ...before, '--', 'host'];
  }

  async hasFallen(): Promise<boolean> {
    if (!this.#isUp) {
      return true;
    }
    const words = [
      '-F',
      'none',
      ...options([`ControlPath=${this.#socket}`]),
      '-O',
      'check',
      '--',
      'host',
    ];
    return (await runQuietly(this.#program, words, AbortSignal.timeout(5_000))) !== 0;
  }

  async close(): Promise<void> {
    this.#master.kill();
    const giveUp = setTimeout(() => this.#master.kill('SIGKILL'), 2_000);
    await this.ended.catch(() => undefined);
    clearTimeout(giveUp);
  }
}

/** A connection of its own for each command, where the system's client cannot share one. */
export async function openDirectWay(options: WayOptions, signal: AbortSignal): Promise<OpenedWay> {
  const { name, plan, system, folder, keepalive } = options;
  const toHost = (before: readonly string[], log: string): readonly string[] =>
    wordsTo(plan.hops, system, [...connectionWords(null, log, keepalive), ...before]);
  const log = path.join(folder, 'line.log');
  const code = await runQuietly(system.program, [...toHost([], log), 'exit 0'], signal);
  const text = await takeLog(log);
  const fingerprint = readFingerprint(text);
  if (signal.aborted) {
    throw stopped(name);
  }
  if (code === 255 || fingerprint === null) {
    throw readFailure(name, text);
  }
  let isUp = true;
  const way: SystemWay = {
    words: toHost,
    // Where the host ended the command, it said how, and the program noted it.
    hasFallen: (said) => Promise.resolve(!/rtype exit-(?:status|signal)/.test(said)),
    get isUp() {
      return isUp;
    },
    close: () => {
      isUp = false;
      return Promise.resolve();
    },
  };
  return { way, fingerprint };
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
