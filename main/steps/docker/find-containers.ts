import { z } from 'zod';
import { count } from '../../../shared/count.js';
import { AppError } from '../../../shared/errors/app-error.js';
import { defineReadStep } from '../read-step.js';
import { shellCommand } from '../shell-quote.js';
import { ContainerName, EngineName } from './names.js';
import { changesAmong, membersOf, PlannedContainers } from './service-containers.js';

/** Before anything is changed: a plan for others than those that are there would take the service back by halves. */
export const findContainers = defineReadStep({
  kind: 'docker.find-containers',
  params: z.strictObject({
    engine: EngineName,
    container: ContainerName,
    label: z.string().min(1),
    containers: PlannedContainers,
  }),

  describe: ({ engine, label, containers }) =>
    `Make sure that the containers with the label ${label} on ${engine} still are ${namesOf(containers)}, and no others`,
  commands: ({ label }) => [
    shellCommand(
      ...['docker', 'ps', '--no-trunc', '--filter', `label=${label}`],
      ...['--format', '{{.Names}} {{.ID}}'],
    ),
  ],

  async look({ engine, container, label, containers }, { connections, signal }) {
    const port = connections.docker(engine);
    const { up } = await membersOf(port, { container, label }, signal);
    const changes = changesAmong(containers, up);
    if (changes.length > 0) {
      throw new AppError(
        'DOCKER_CONTAINERS_CHANGED',
        `Since the plan was made: ${changes.join(', ')}.`,
      );
    }
    return `${count(containers.length, 'container')} as planned: ${namesOf(containers)}.`;
  },
});

export function namesOf(containers: readonly { readonly name: string }[]): string {
  return containers.map(({ name }) => name).join(', ');
}
