import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
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

  async act(params, before, context) {
    let unseenMs = 0;
    let wasUp = false;
    await untilHealthy(
      params.timeoutSeconds,
      async (pausedMs) => {
        unseenMs += pausedMs;
        const last = pausedMs === 0 ? null : { unseenMs, wasUp };
        const look = await lookOnce(params, before, context, last);
        if (look.process !== 'unseen') {
          unseenMs = 0;
          wasUp = look.process === 'up';
        }
        return look;
      },
      context,
    );
  },

  async verify(params, before, context) {
    const { isHealthy, text } = await lookOnce(params, before, context);
    if (!isHealthy) {
      throw new AppError('SERVICE_NOT_HEALTHY', `It was healthy once, then: ${text}.`);
    }
    return `Healthy: ${text}.`;
  },

  undo: () => Promise.resolve('Nothing to take back: it only waited.'),
});

type WholeLook = ServiceLook & { readonly process: 'up' | 'down' | 'unseen' };

/**
 * `last`: for how long the process was not looked at, and whether it was up then. Left out where it must be seen now, as
 * in `verify`, which sees both whole: so a good answer while the process was up ends the waiting.
 */
async function lookOnce(
  params: Params,
  before: Before,
  context: StepContext,
  last: { readonly unseenMs: number; readonly wasUp: boolean } | null = null,
): Promise<WholeLook> {
  const { connections, signal } = context;
  const life = lifeOf(sourceOf(params));
  const ask = (): Promise<ServiceLook> =>
    lookAtService(connections.http, params.url, params.health, signal).catch(hostIsAway);
  if (last !== null && last.unseenMs < life.everyMs) {
    const service = await ask();
    if (!service.isHealthy || last.wasUp) {
      return { ...service, process: 'unseen' };
    }
  }
  // Something else may answer at this address while our own service is not even up.
  const [fault, service] = await Promise.all([life.look(before, context), ask()]);
  return fault === null
    ? { ...service, process: 'up' }
    : { isHealthy: false, text: fault(service.text), process: 'down' };
}
