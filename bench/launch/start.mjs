import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { monotonicMs, pause, until } from '../lib/time.mjs';
import { memoryOf, processTree } from './process-tree.mjs';

/**
 * @typedef {object} Contestant
 * @property {string} id
 * @property {string} name
 * @property {string} app what `electron` is given
 * @property {string} ready selector of what must be painted
 * @property {NodeJS.ProcessEnv} env
 *
 * @typedef {{ uid?: number, gid?: number, env: NodeJS.ProcessEnv }} User
 */

const mark = fileURLToPath(new URL('./mark.mjs', import.meta.url));
const START_TIMEOUT_MS = 60_000;
/** Start-up work that goes on after the first answer is over by then. */
const REST_MS = 2_000;

/**
 * Starts it, waits until it answers a key, lets it rest, weighs it and ends it.
 * @param {Contestant} contestant
 * @param {string} electron
 * @param {User} user
 */
export async function measureLaunch({ id, app, ready, env }, electron, user) {
  const startedMs = monotonicMs();
  const child = spawn(electron, ['-r', mark, app], {
    ...user,
    env: { ...user.env, ...env, BENCH_READY_SELECTOR: ready },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  /** @type {Record<string, number>} */
  const marks = {};
  /** @type {string[]} */
  const said = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    const [, name, atMs] = /^bench-mark (\w+) ([\d.]+)$/u.exec(line) ?? [];
    if (name === undefined) {
      said.push(line);
    } else {
      marks[name] ??= Number(atMs) - startedMs;
    }
  });
  try {
    const isAnswered = () => {
      if (child.exitCode !== null) {
        throw new Error(`${id} ended with ${child.exitCode} and said:\n${said.join('\n')}`);
      }
      return marks['answered'] !== undefined;
    };
    await until(isAnswered, {
      what: `An answer of ${id}`,
      timeoutMs: START_TIMEOUT_MS,
      everyMs: 50,
    });
    await pause(REST_MS);
    const { pid } = child;
    const memory = pid === undefined ? null : memoryOf(pid);
    return {
      contestant: id,
      interactiveMs: marks['answered'] ?? Number.NaN,
      megabytes: memory?.pssMegabytes ?? memory?.rssMegabytes ?? Number.NaN,
      marks,
      memory,
    };
  } finally {
    await end(child);
  }
}

/** @param {import('node:child_process').ChildProcess} child */
async function end(child) {
  const { pid } = child;
  if (pid === undefined || child.exitCode !== null) {
    return;
  }
  const exited = once(child, 'exit');
  const tree = processTree(pid);
  child.kill('SIGTERM');
  await Promise.race([exited, pause(5_000)]);
  for (const left of tree) {
    try {
      process.kill(left, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
  await exited;
}
