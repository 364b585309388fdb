import type { HostOutput, HostScript } from '../host-types.js';

type Ask = (script: HostScript, signal: AbortSignal) => Promise<HostOutput>;

/**
 * Who asks the same in the same moment shares the answer: the steps of a cutover look at one unit together, and each look
 * costs a host that is at work some processes. Nobody is given what somebody asked before.
 */
export class SameMoment {
  readonly #ask: Ask;
  readonly #asked = new Map<
    string,
    { readonly signal: AbortSignal; answer: Promise<HostOutput> }
  >();

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  read(script: HostScript, signal: AbortSignal): Promise<HostOutput> {
    const key = JSON.stringify([script.as, script.text]);
    const same = this.#asked.get(key);
    // Whoever stops waiting stops the script, and nobody else's.
    if (same?.signal === signal) {
      return same.answer;
    }
    const answer = this.#ask(script, signal);
    this.#asked.set(key, { signal, answer });
    setImmediate(() => {
      this.#asked.delete(key);
    });
    return answer;
  }
}
