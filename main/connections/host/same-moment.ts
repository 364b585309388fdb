import type { HostOutput, HostScript, RunAs } from '../host-types.js';

/** One reading script, and who waits for what it says. */
export type Question = Pick<HostScript, 'text' | 'mayBeSeen'> & {
  readonly answer: (output: HostOutput) => void;
};

/** Rejects for those that were not answered. */
type Ask = (as: RunAs, questions: readonly Question[], signal: AbortSignal) => Promise<void>;

type Asked = Question & {
  readonly promise: Promise<HostOutput>;
  readonly refuse: (thrown: unknown) => void;
};

type Moment = { readonly signal: AbortSignal; readonly as: string; readonly asked: Asked[] };

/**
 * What is asked in the same moment goes to the host together: the steps of a cutover look at the same time, and a shell for
 * each would cost a host that is at work some processes, and a far line the wait until all of them stand there. Who asks
 * the same shares the answer. Nobody is given what somebody asked before.
 */
export class SameMoment {
  readonly #ask: Ask;
  readonly #moments = new Set<Moment>();

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  read({ text, as, mayBeSeen = false }: HostScript, signal: AbortSignal): Promise<HostOutput> {
    const { asked } = this.#momentOf(as, signal);
    const same = asked.find((one) => one.text === text && one.mayBeSeen === mayBeSeen);
    if (same !== undefined) {
      return same.promise;
    }
    const { promise, resolve: answer, reject: refuse } = Promise.withResolvers<HostOutput>();
    asked.push({ text, mayBeSeen, promise, answer, refuse });
    return promise;
  }

  /** Whoever stops waiting stops the scripts, and nobody else's: so only those are together who stop together. */
  #momentOf(as: RunAs, signal: AbortSignal): Moment {
    const key = JSON.stringify(as);
    for (const moment of this.#moments) {
      if (moment.signal === signal && moment.as === key) {
        return moment;
      }
    }
    const moment: Moment = { signal, as: key, asked: [] };
    this.#moments.add(moment);
    setImmediate(() => {
      this.#moments.delete(moment);
      this.#ask(as, moment.asked, signal).catch((thrown: unknown) => {
        for (const { refuse } of moment.asked) {
          refuse(thrown);
        }
      });
    });
    return moment;
  }
}
