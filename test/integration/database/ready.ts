import { setTimeout as sleep } from 'node:timers/promises';

const patienceMs = 20_000;

/** Waits until it is so. */
export async function ready(isSo: () => boolean): Promise<void> {
  const end = Date.now() + patienceMs;
  while (!isSo()) {
    if (Date.now() > end) {
      throw new Error(`In vain: ${isSo.toString()}`);
    }
    await sleep(30);
  }
}
