import { get } from 'node:http';

const PAUSE_MS = 15;
const TIMEOUT_MS = 1_000;

type Look = { readonly atMs: number; readonly isAnswered: boolean };

/** Somebody else who asks the service again and again, and knows nothing of the console. */
export type OutsideProbe = {
  /** Ends it, and says for how long nobody answered: from the first failing request to the next answered one. */
  readonly stop: () => Promise<number>;
};

export function startProbe(url: string): OutsideProbe {
  const looks: Look[] = [];
  const stop = new AbortController();
  const ended = (async () => {
    while (!stop.signal.aborted) {
      const atMs = performance.now();
      looks.push({ atMs, isAnswered: await answers(url) });
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  })();
  return {
    stop: async () => {
      stop.abort();
      await ended;
      return unansweredSeconds(looks);
    },
  };
}

function unansweredSeconds(looks: readonly Look[]): number {
  return looks.reduce((sum, { atMs, isAnswered }, index) => {
    const next = looks[index + 1];
    return isAnswered || next === undefined ? sum : sum + (next.atMs - atMs) / 1_000;
  }, 0);
}

async function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
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
}
