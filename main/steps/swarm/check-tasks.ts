import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import { EngineName } from '../docker/names.js';
import { defineReadStep } from '../read-step.js';
import { shellCommand } from '../shell-quote.js';
import { failuresText, serviceNamed, sightOfTasks, updateText } from './look.js';
import { ServiceName, SpecHash } from './names.js';
import { hashOf, runsSpec, sightOf, sightText } from './specs.js';

export const checkTasks = defineReadStep({
  kind: 'swarm.check-tasks',
  params: z.strictObject({ engine: EngineName, service: ServiceName, specification: SpecHash }),

  describe: ({ engine, service }) =>
    `Check that service ${service} on ${engine} has the chosen specification and that none of its tasks failed since`,
  commands: ({ service }) => [
    shellCommand('docker', 'service', 'inspect', '--pretty', service),
    shellCommand('docker', 'service', 'ps', '--no-trunc', service),
  ],

  async look({ engine, service, specification }, { connections, signal }) {
    const port = connections.swarm(engine);
    const found = await serviceNamed(port, service, signal);
    if (hashOf(found.spec) !== specification) {
      throw new AppError(
        'SWARM_CHANGED',
        `${service} has another specification than the chosen one (${updateText(found)}).`,
      );
    }
    const startedAt = found.update?.startedAt ?? '';
    const tasks = (await port.tasks(found.id, signal)).filter(
      (task) => runsSpec(task, found.spec) && task.at >= startedAt,
    );
    const failures = failuresText(found, tasks);
    if (failures !== '') {
      throw new AppError('SWARM_TASKS_FAILED', `${failures}.`);
    }
    const { running, wanted } = sightOfTasks(found, await port.tasks(found.id, signal));
    if (running < wanted) {
      throw new AppError('SWARM_NOT_SETTLED', `${service}: ${running} of ${wanted} tasks run.`);
    }
    return `${running} of ${wanted} tasks run: ${sightText(sightOf(found.spec))}.`;
  },
});
