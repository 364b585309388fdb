import { get } from 'node:http';

const PAUSE_MS = 20;
const TIMEOUT_MS = 1_000;

type Look = { readonly sentMs: number; readonly endedMs: number; readonly isAnswered: boolean };

/** Somebody else who asks the service again and again, and knows nothing of the console. */
export type OutsideProbe = {
  /** Ends it, and says for how long nobody answered: from when the first failing request was sent to when the next answer came. */
  readonly stop: () => Promise<number>;
};

/** Each request on a connection of its own, and none waits for another: one that hangs must not hide that the next is answered. */
export function startProbe(url: string): OutsideProbe {
  const looks: Promise<Look>[] = [];
  const timer = setInterval(() => {
    looks.push(look(url));
  }, PAUSE_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      return unansweredSeconds(await Promise.all(looks));
    },
  };
}

function unansweredSeconds(looks: readonly Look[]): number {
  const answers = looks.filter(({ isAnswered }) => isAnswered).map(({ endedMs }) => endedMs);
  let seconds = 0;
  let upSinceMs = Number.NEGATIVE_INFINITY;
  for (const { sentMs, endedMs } of looks.filter(({ isAnswered }) => !isAnswered)) {
    // Others were answered while this one hung, or the outage is counted already.
    if (sentMs < upSinceMs || answers.some((atMs) => atMs > sentMs && atMs <= endedMs)) {
      continue;
    }
    upSinceMs = Math.min(...answers.filter((atMs) => atMs > endedMs));
    seconds += (upSinceMs - sentMs) / 1_000;
  }
  return seconds;
}

async function look(url: string): Promise<Look> {
  const sentMs = performance.now();
  const isAnswered = await new Promise<boolean>((resolve) => {
    const request = get(url, { agent: false, timeout: TIMEOUT_MS }, (response) => {
      response.resume().once('end', () => {
        resolve(true);
      });
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => {
      resolve(false);
    });
  });
  return { sentMs, endedMs: performance.now(), isAnswered };
}
