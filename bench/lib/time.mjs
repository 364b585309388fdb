/** Milliseconds of the system's monotonic clock: on Linux the same in every process, so marks can be compared. */
export const monotonicMs = () => Number(process.hrtime.bigint()) / 1e6;

/** @param {number} milliseconds @returns {Promise<void>} */
export const pause = (milliseconds) =>
  new Promise((resolve) => void setTimeout(resolve, milliseconds));

/**
 * Asks again until the answer is yes.
 * @param {() => Promise<boolean> | boolean} isSo
 * @param {{ what: string, timeoutMs: number, everyMs?: number }} limits
 */
export async function until(isSo, { what, timeoutMs, everyMs = 10 }) {
  const deadline = monotonicMs() + timeoutMs;
  while (!(await isSo())) {
    if (monotonicMs() > deadline) {
      throw new Error(`${what} did not happen within ${timeoutMs / 1_000} s.`);
    }
    await pause(everyMs);
  }
}
