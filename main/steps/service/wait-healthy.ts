import { z } from 'zod';
import { times } from '../../../shared/count.js';
import { AppError } from '../../../shared/errors/app-error.js';
import { HealthExpectation } from '../../../shared/runbook/schema.js';
import type { ContainerDetails, DockerPort } from '../../connections/ports.js';
import { startCountdown } from '../countdown.js';
import { containerById, containerNamed, stateText } from '../docker/containers.js';
import { ContainerName, EngineName } from '../docker/names.js';
import { defineStep } from '../step-kind.js';
import type { StepContext } from '../step-kind.js';
import { shellCommand } from '../shell-quote.js';
import { addressOf, lookAtService } from './look-at-service.js';
import type { ServiceLook } from './look-at-service.js';

const Params = z.strictObject({
  engine: EngineName,
  container: ContainerName,
  url: z.url(),
  health: HealthExpectation,
  timeoutSeconds: z.number().positive().max(86_400),
});
type Params = z.infer<typeof Params>;

const Before = z.strictObject({ id: z.string().min(1), restarts: z.int() });
type Before = z.infer<typeof Before>;

/** Every pause is downtime that could have ended: some 3 % of the time it took so far, so that a slow start is not hammered. */
const firstPauseMs = 10;
const longestPauseMs = 1_000;
const pauseGrowth = 1.03;
const lastLines = 20;

export const waitHealthy = defineStep({
  kind: 'service.wait-healthy',
  risk: 'read',
  repeatable: true,
  params: Params,
  before: Before,

  describe: ({ engine, container, url, health, timeoutSeconds }) =>
    `Wait until container ${container} on ${engine} is healthy at ${addressOf(url, health.path)}, for up to ${timeoutSeconds} s`,
  commands: ({ container, url, health }) => [
    `until ${shellCommand('curl', '--fail', '--silent', addressOf(url, health.path))}; do sleep 1; done`,
    shellCommand('docker', 'inspect', '--format', '{{json .State}}', container),
  ],
  undoText: () => null,

  observe: () => Promise.resolve({ isDone: false, facts: 'Health is looked at anew each time.' }),

  async capture({ engine, container }, { connections, signal }) {
    const { id, restartCount } = await containerNamed(
      connections.docker(engine),
      container,
      signal,
    );
    return { id, restarts: restartCount };
  },

  async act(params, before, context) {
    const countdown = startCountdown(context, params.timeoutSeconds);
    try {
      let pauseMs = firstPauseMs;
      let said = '';
      let look = await lookOnce(params, before, context);
      while (!look.isHealthy) {
        if (look.text !== said) {
          context.emit(look.text);
          said = look.text;
        }
        if (countdown.isOver()) {
          throw new AppError(
            'SERVICE_NOT_HEALTHY',
            `Not healthy within ${params.timeoutSeconds} s. Last seen: ${look.text}.`,
          );
        }
        await context.delay(pauseMs);
        pauseMs = Math.min(longestPauseMs, pauseMs * pauseGrowth);
        look = await lookOnce(params, before, context);
      }
    } finally {
      countdown.end();
    }
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

async function lookOnce(
  params: Params,
  before: Before,
  context: StepContext,
): Promise<ServiceLook> {
  const { connections, signal } = context;
  const port = connections.docker(params.engine);
  const [container, service] = await Promise.all([
    containerById(port, before.id, signal),
    lookAtService(connections.http, params.url, params.health, signal),
  ]);
  await failWhenEnded(port, container, before, context);
  if (container.health !== 'none' && container.health !== 'healthy') {
    return {
      isHealthy: false,
      text: `${service.text}; the engine's health check says ${container.health}`,
    };
  }
  // Something else may answer at this address while our container is not even up.
  return container.status === 'running'
    ? service
    : { isHealthy: false, text: stateText(container).replace(/\.$/, '') };
}

/** A service that ends, or that the engine keeps restarting, will not get healthy by waiting longer. */
async function failWhenEnded(
  port: DockerPort,
  container: ContainerDetails,
  before: Before,
  { signal, emit }: StepContext,
): Promise<void> {
  const hasRestarted = container.restartCount > before.restarts;
  if (!hasRestarted && !['exited', 'dead', 'restarting'].includes(container.status)) {
    return;
  }
  for (const line of await port.readLog(container.id, { tail: lastLines }, signal)) {
    emit(line.text);
  }
  const again = hasRestarted
    ? ` and was restarted ${times(container.restartCount - before.restarts)} by the engine`
    : '';
  throw new AppError(
    'SERVICE_EXITED',
    `${container.name} ended with exit code ${container.exitCode}${again}.`,
  );
}
