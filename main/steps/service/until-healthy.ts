import { AppError } from '../../../shared/errors/app-error.js';
import { startCountdown } from '../countdown.js';
import type { StepContext } from '../step-kind.js';
import type { ServiceLook } from './look-at-service.js';

/** Every pause is downtime that could have ended: some 3 % of the time it took so far, so that a slow start is not hammered. */
const firstPauseMs = 10;
const longestPauseMs = 1_000;
const pauseGrowth = 1.03;

/**
 * Looks again and again, and says what has changed; resolves with the words of the good look. `look` is told how many milliseconds
 * the pause before it was. SERVICE_NOT_HEALTHY when the time is over.
 */
export async function untilHealthy(
  timeoutSeconds: number,
  look: (pausedMs: number) => Promise<ServiceLook>,
  context: StepContext,
): Promise<string> {
  const countdown = startCountdown(context, timeoutSeconds);
  try {
    let pauseMs = firstPauseMs;
    let said = '';
    let { isHealthy, text } = await look(0);
    while (!isHealthy) {
      if (text !== said) {
        context.emit(text);
        said = text;
      }
      if (countdown.isOver()) {
        throw new AppError(
          'SERVICE_NOT_HEALTHY',
          `Not healthy within ${timeoutSeconds} s. Last seen: ${text}.`,
        );
      }
      await context.delay(pauseMs);
      pauseMs = Math.min(longestPauseMs, pauseMs * pauseGrowth);
      ({ isHealthy, text } = await look(pauseMs));
    }
    return text;
  } finally {
    countdown.end();
  }
}
