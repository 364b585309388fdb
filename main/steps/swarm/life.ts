import { times } from '../../../shared/count.js';
import { AppError } from '../../../shared/errors/app-error.js';
import type { ServiceLife } from '../service/service-life.js';
import { shellCommand } from '../shell-quote.js';
import { failuresText, hasFailed, serviceNamed, sightOfTasks } from './look.js';

/** A service is up while as many of its tasks run as are wanted; a task that fails meanwhile will not get well by waiting. */
export function swarmLife(engine: string, name: string): ServiceLife {
  return {
    title: `service ${name} on ${engine}`,
    command: shellCommand('docker', 'service', 'ps', name),
    everyMs: 500,
    async capture({ connections, signal }) {
      const port = connections.swarm(engine);
      const { id } = await serviceNamed(port, name, signal);
      return { id, restarts: (await port.tasks(id, signal)).filter(hasFailed).length };
    },
    async look(before, { connections, signal }) {
      const port = connections.swarm(engine);
      const service = await serviceNamed(port, before.id, signal);
      const tasks = await port.tasks(service.id, signal);
      const failed = tasks.filter(hasFailed).length - (before.restarts ?? 0);
      if (failed > 0) {
        throw new AppError(
          'SERVICE_EXITED',
          `A task failed ${times(failed)}: ${failuresText(service, tasks)}.`,
        );
      }
      const { running, wanted } = sightOfTasks(service, tasks);
      return running >= wanted ? null : () => `${running} of ${wanted} tasks run`;
    },
  };
}
