import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../shared/errors/app-error.js';
import type { ErrorCode } from '../../../shared/errors/app-error.js';
import { stopped } from './script-runner.js';

export type LineState = 'up' | 'reconnecting' | 'down';

/** Tells changes only. */
export class LineLight {
  readonly #onState: (state: LineState) => void;
  #state: LineState | null = null;
  #patient = 0;

  constructor(onState: (state: LineState) => void) {
    this.#onState = onState;
  }

  isUp(): void {
    this.#show('up');
  }

  /** While somebody waits for the line to come back, a loss is only a break. */
  isLost(): void {
    this.#show(this.#patient > 0 ? 'reconnecting' : 'down');
  }

  async whilePatient(work: () => Promise<void>): Promise<void> {
    this.#patient += 1;
    try {
      await work();
    } finally {
      this.#patient -= 1;
    }
  }

  #show(state: LineState): void {
    if (this.#state !== state) {
      this.#state = state;
      this.#onState(state);
    }
  }
}

export type ReconnectingOptions = {
  readonly host: string;
  readonly light: LineLight;
  readonly delay?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** How often in a row the line may fail to come back. */
  readonly maxAttempts: number;
};

const firstDelayMs = 250;
const maxDelayMs = 5_000;
/** A line that held this long had come back. */
const heldMs = 2_000;

const drops: ReadonlySet<string> = new Set<ErrorCode>([
  'HOST_LINE_LOST',
  'HOST_UNREACHABLE',
  'HOST_CHANNELS_EXHAUSTED',
]);

/** Whether the line failed, for a while, and not the host's answer. */
const isDrop = (error: unknown): boolean => error instanceof AppError && drops.has(error.code);

/** Repeats what may be repeated until the line holds. */
export class Reconnecting {
  readonly #options: ReconnectingOptions;

  constructor(options: ReconnectingOptions) {
    this.#options = options;
  }

  /**
   * `work` must be able to go on where it broke off. A host that cannot be reached at first rejects at once, for nothing
   * was begun, unless something `isUnderWay`; after that every failure to come back ends in HOST_LINE_LOST.
   */
  async run(work: () => Promise<void>, signal: AbortSignal, isUnderWay = false): Promise<void> {
    try {
      await this.#options.light.whilePatient(() => this.#run(work, signal, isUnderWay));
    } catch (error) {
      if (isDrop(error)) {
        this.#options.light.isLost();
      }
      throw error;
    }
  }

  async #run(work: () => Promise<void>, signal: AbortSignal, isUnderWay: boolean): Promise<void> {
    const { host, maxAttempts } = this.#options;
    let hasSent = isUnderWay;
    for (let attempt = 0; ; attempt += 1) {
      const began = performance.now();
      try {
        await work();
        return;
      } catch (error) {
        if (signal.aborted) {
          throw stopped(host);
        }
        const isLost = error instanceof AppError && error.code === 'HOST_LINE_LOST';
        if (!hasSent && !isLost) {
          throw error;
        }
        hasSent = true;
        attempt = isLost && performance.now() - began > heldMs ? 0 : attempt;
        if (!isDrop(error) || attempt >= maxAttempts) {
          throw this.#givenUp(error);
        }
        await this.#pause(attempt, signal);
      }
    }
  }

  #givenUp(error: unknown): unknown {
    const { host } = this.#options;
    if (!(error instanceof AppError) || error.code === 'HOST_ANSWER_BROKEN') {
      return error;
    }
    const text = `The line to ${host} broke off and did not come back: ${error.message}`;
    return new AppError('HOST_LINE_LOST', text, { cause: error });
  }

  async #pause(attempt: number, signal: AbortSignal): Promise<void> {
    const { host, delay = pause } = this.#options;
    try {
      await delay(Math.min(firstDelayMs * 2 ** attempt, maxDelayMs), signal);
    } catch {
      throw stopped(host);
    }
  }
}

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  sleep(milliseconds, undefined, { signal });
