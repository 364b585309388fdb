import { z } from 'zod';
import { HealthExpectation } from '../../../shared/runbook/schema.js';
import { hasOneSource, oneSourceMessage, SourceParams, sourceOf } from '../log-source.js';
import { defineStep } from '../step-kind.js';
import type { StepContext } from '../step-kind.js';
import { shellCommand } from '../shell-quote.js';
import { addressOf, hostIsAway, lookAtService } from './look-at-service.js';
import type { ServiceLook } from './look-at-service.js';
import { LifeBefore, lifeOf } from './service-life.js';
import { untilHealthy } from './until-healthy.js';

const Params = z
  .strictObject({
    ...SourceParams,
    url: z.url(),
    health: HealthExpectation,
    timeoutSeconds: z.number().positive().max(86_400),
  })
  .refine(hasOneSource, oneSourceMessage);
type Params = z.infer<typeof Params>;

const Before = LifeBefore;
type Before = LifeBefore;

export const waitHealthy = defineStep({
  kind: 'service.wait-healthy',
  risk: 'read',
  repeatable: true,
  params: Params,
  before: Before,

  describe: (params) =>
    `Wait until ${lifeOf(sourceOf(params)).title} is healthy at ${addressOf(params.url, params.health.path)}, for up to ${params.timeoutSeconds} s`,
  commands: (params) => [
    `until ${shellCommand('curl', '--fail', '--silent', addressOf(params.url, params.health.path))}; do sleep 1; done`,
    lifeOf(sourceOf(params)).command,
  ],
  undoText: () => null,

  observe: () => Promise.resolve({ isDone: false, facts: 'Health is looked at anew each time.' }),

  capture: (params, context) => lifeOf(sourceOf(params)).capture(context),

  act: () => Promise.resolve(),

  async verify(params, before, context) {
    const look = lookingAt(params, before, context);
    return `Healthy: ${await untilHealthy(params.timeoutSeconds, look, context)}.`;
  },

  undo: () => Promise.resolve('Nothing to take back: it only waited.'),
});

/**
 * Something else may answer at this address while our own service is not even up: a good answer counts only where the process
 * was seen up, at the same time or so shortly before that it need not be looked at again.
 */
function lookingAt(
  params: Params,
  before: Before,
  context: StepContext,
): (pausedMs: number, signal: AbortSignal) => Promise<ServiceLook> {
  const { http } = context.connections;
  const life = lifeOf(sourceOf(params));
  const seeProcess = () => life.look(before, context);
  let unseenMs = Infinity;
  let seen: ReturnType<typeof seeProcess> | null = null;

  return async (pausedMs, signal) => {
    unseenMs += pausedMs;
    if (seen === null || unseenMs >= life.everyMs) {
      seen = seeProcess();
      unseenMs = 0;
    }
    const [fault, service] = await Promise.all([
      seen,
      lookAtService(http, params.url, params.health, signal).catch(hostIsAway),
    ]);
    if (fault === null) {
      return service;
    }
    if (service.isHealthy) {
      // It has come up since, or somebody else answers: the next look must see which.
      unseenMs = Infinity;
    }
    return { isHealthy: false, text: fault(service.text) };
  };
}
