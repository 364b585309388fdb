/** Progress and remarks go to stderr, so that stdout holds only what a command was asked for. */

/** @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** An end that was foreseen: the message says what to do and no stack is shown. */
export class Stop extends Error {
  /** @param {string} message @param {number} [exitCode] */
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * Runs a script's main function; what it returns is the exit code.
 * @param {() => Promise<number>} main
 */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (thrown) {
    say(
      thrown instanceof Stop
        ? thrown.message
        : String(thrown instanceof Error ? thrown.stack : thrown),
    );
    process.exitCode = thrown instanceof Stop ? thrown.exitCode : 1;
  }
}

/**
 * Shows that long work goes on: a line at the start and one with the seconds at the end.
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withProgress(what, work) {
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  say(`${what}…`);
  const ticker = setInterval(() => say(`  still at it after ${seconds()} s`), 15_000);
  try {
    const result = await work();
    say(`  ${hasFailed(result) ? 'failed' : 'done'} after ${seconds()} s`);
    return result;
  } finally {
    clearInterval(ticker);
  }
}

/** @param {unknown} result */
const hasFailed = (result) =>
  typeof result === 'object' && result !== null && 'exitCode' in result && result.exitCode !== 0;
