import { AppError } from '../../../shared/errors/app-error.js';
import { startCountdown } from '../countdown.js';
import type { StepContext } from '../step-kind.js';
import type { ServiceLook } from './look-at-service.js';

/** Every pause is downtime that could have ended: some 3 % of the time it took so far, so that a slow start is not hammered. */
const firstPauseMs = 10;
const longestPauseMs = 1_000;
const pauseGrowth = 1.03;

/** Over a long line an answer tells of long ago: the next look is begun so long after the last, also where none has come yet. */
const patienceMs = 50;
/** A service that answers nothing must not be buried in questions. */
const mostAtOnce = 4;

/** `pausedMs`: for how long nobody looked. The signal fires when its answer is not wanted any more. */
type Look = (pausedMs: number, signal: AbortSignal) => Promise<ServiceLook>;

/**
 * Looks again and again, and says what has changed; resolves with the words of the good look. Looks may overlap, and one that
 * was begun earlier never overrules one that was begun later. SERVICE_NOT_HEALTHY when the time is over.
 */
export async function untilHealthy(
  timeoutSeconds: number,
  look: Look,
  context: StepContext,
): Promise<string> {
  const countdown = startCountdown(context, timeoutSeconds);
  const looks = new Looks(look, context);
  try {
    let pauseMs = firstPauseMs;
    looks.begin(0);
    for (;;) {
      const isAnswered = await looks.next();
      if (looks.good !== null) {
        return looks.good;
      }
      if (countdown.isOver()) {
        throw new AppError(
          'SERVICE_NOT_HEALTHY',
          `Not healthy within ${timeoutSeconds} s. Last seen: ${looks.said}.`,
        );
      }
      if (!isAnswered) {
        looks.begin(patienceMs);
      } else if (looks.underWay === 0) {
        await context.delay(pauseMs);
        pauseMs = Math.min(longestPauseMs, pauseMs * pauseGrowth);
        looks.begin(pauseMs);
      }
    }
  } finally {
    countdown.end();
    looks.end();
  }
}

class Looks {
  readonly #look: Look;
  readonly #context: StepContext;
  readonly #over = new AbortController();
  readonly #underWay = new Set<Promise<true>>();
  #patience: Promise<false> = Promise.resolve(false);
  #begun = 0;
  #newest = 0;
  /** The words of the good look, once there is one. */
  good: string | null = null;
  said = 'no answer';

  constructor(look: Look, context: StepContext) {
    this.#look = look;
    this.#context = context;
  }

  get underWay(): number {
    return this.#underWay.size;
  }

  begin(pausedMs: number): void {
    const { delay, signal } = this.#context;
    this.#patience = delay(patienceMs).then(() => false);
    // Nobody may be waiting for it any more when the operator stops the step.
    this.#patience.catch(() => undefined);
    if (this.underWay === mostAtOnce) {
      return;
    }
    this.#begun += 1;
    const number = this.#begun;
    const limited = AbortSignal.any([signal, this.#over.signal]);
    const one = this.#look(pausedMs, limited).then((seen): true => {
      this.#take(number, seen);
      return true;
    });
    this.#underWay.add(one);
    one.then(
      () => this.#underWay.delete(one),
      () => this.#underWay.delete(one),
    );
  }

  /** True when a look was answered, false when none was for so long that another may be begun. Rejects as a look does. */
  next(): Promise<boolean> {
    return Promise.race([...this.#underWay, this.#patience]);
  }

  end(): void {
    this.#over.abort();
  }

  #take(number: number, { isHealthy, text }: ServiceLook): void {
    if (number < this.#newest) {
      return;
    }
    this.#newest = number;
    this.good = isHealthy ? text : null;
    if (!isHealthy && text !== this.said) {
      this.#context.emit(text);
      this.said = text;
    }
  }
}
