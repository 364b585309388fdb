import { AppError } from '../../../shared/errors/app-error.js';
import type { SwarmService, SwarmTask } from '../../connections/ports.js';
import { startCountdown } from '../countdown.js';
import type { StepContext } from '../step-kind.js';
import { failuresText, isWanted, sightOfTasks, taskName, updateText } from './look.js';
import { hashOf } from './specs.js';

const pauseMs = 500;

export type Settling = {
  readonly engine: string;
  /** The service's id: one that was removed and made anew is another. */
  readonly serviceId: string;
  /** The specification it is on its way to. */
  readonly hash: string;
  readonly timeoutSeconds: number;
  /** True where the engine had paused at this very specification before; then that is how it was. */
  readonly mayPause?: boolean;
};

/**
 * Waits until every task runs by the specification, and tells each task's progress. SWARM_PAUSED where the engine gave up,
 * SWARM_CHANGED where the specification is another meanwhile, SWARM_NOT_SETTLED when the time is up. Reads only.
 */
export async function settle(settling: Settling, context: StepContext): Promise<string> {
  const countdown = startCountdown(context, settling.timeoutSeconds);
  const tell = teller(context.emit);
  try {
    for (;;) {
      const { service, tasks } = await look(settling, context);
      tell(service, tasks);
      const end = endOf(settling, service, tasks);
      if (end !== null) {
        return end;
      }
      if (countdown.isOver()) {
        const { running, wanted } = sightOfTasks(service, tasks);
        throw new AppError(
          'SWARM_NOT_SETTLED',
          `${service.name}: ${running} of ${wanted} tasks run after ${settling.timeoutSeconds} s; ${updateText(service)}.`,
        );
      }
      await context.delay(pauseMs);
    }
  } finally {
    countdown.end();
  }
}

async function look(
  { engine, serviceId }: Settling,
  { connections, signal }: StepContext,
): Promise<{ service: SwarmService; tasks: readonly SwarmTask[] }> {
  const port = connections.swarm(engine);
  const service = await port.service(serviceId, signal);
  if (service === null) {
    throw new AppError('SWARM_SERVICE_MISSING', 'The service was removed meanwhile.');
  }
  return { service, tasks: await port.tasks(serviceId, signal) };
}

/** What is to be said once nothing more is awaited; null while the engine is at work. */
function endOf(
  { hash, mayPause = false }: Settling,
  service: SwarmService,
  tasks: readonly SwarmTask[],
): string | null {
  if (hashOf(service.spec) !== hash) {
    throw new AppError(
      'SWARM_CHANGED',
      `${service.name} has another specification meanwhile (${updateText(service)}).`,
    );
  }
  switch (service.update?.state) {
    case 'paused':
    case 'rollback_paused':
      if (mayPause) {
        return `${service.name} is where it was: the engine has paused there again.`;
      }
      throw paused(service, tasks);
    case 'updating':
    case 'rollback_started':
      return null;
    default: {
      const { running, wanted, others } = sightOfTasks(service, tasks);
      return running >= wanted && others.length === 0
        ? `${running} of ${wanted} tasks of ${service.name} run by the wanted specification.`
        : null;
    }
  }
}

function paused(service: SwarmService, tasks: readonly SwarmTask[]): AppError {
  const failures = failuresText(service, tasks);
  const why = failures === '' ? '' : `. ${failures}`;
  return new AppError('SWARM_PAUSED', `${service.name}: ${updateText(service)}${why}.`);
}

/** Says what has changed since it last looked, task by task; what had ended before it began is left out. */
function teller(
  emit: (line: string) => void,
): (service: SwarmService, tasks: readonly SwarmTask[]) => void {
  const said = new Map<string, string>();
  let isFirst = true;
  return (service, tasks) => {
    const update = updateText(service);
    if (said.get('') !== update) {
      emit(`engine: ${update}`);
      said.set('', update);
    }
    for (const task of tasks.toReversed()) {
      const text = `${task.state}${task.error === '' ? '' : `: ${task.error}`}`;
      if (said.get(task.id) !== text && (!isFirst || isWanted(task))) {
        emit(`${taskName('task', task)}: ${text}`);
      }
      said.set(task.id, text);
    }
    isFirst = false;
  };
}
