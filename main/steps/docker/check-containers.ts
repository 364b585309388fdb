import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import { defineReadStep } from '../read-step.js';
import { shellCommand } from '../shell-quote.js';
import type { ListedContainer } from '../../connections/ports.js';
import { namesOf } from './find-containers.js';
import { ContainerName, EngineName, PinnedImage, shortId } from './names.js';
import { membersOf, PlannedContainers } from './service-containers.js';

/** At the end: all of the service serve the target, also one that came while the others were exchanged. */
export const checkContainers = defineReadStep({
  kind: 'docker.check-containers',
  params: z.strictObject({
    engine: EngineName,
    container: ContainerName,
    label: z.string().min(1),
    containers: PlannedContainers,
    imageId: PinnedImage,
  }),

  describe: ({ engine, label, containers, imageId }) =>
    `Check that every container with the label ${label} on ${engine} runs ${shortId(imageId)}: ${namesOf(containers)} and any that has come`,
  commands: ({ label }) => [
    shellCommand(
      ...['docker', 'ps', '--filter', `label=${label}`],
      ...['--format', '{{.Names}} {{.Image}} {{.Status}}'],
    ),
  ],

  async look({ engine, container, label, containers, imageId }, { connections, signal }) {
    const port = connections.docker(engine);
    const [{ up }, target] = await Promise.all([
      membersOf(port, { container, label }, signal),
      port.image(imageId, signal),
    ]);
    const wrong = [
      ...containers.flatMap(({ name }) =>
        up.some((one) => one.name === name) ? [] : [`${name} does not run`],
      ),
      ...up.flatMap((one) => problemOf(one, target.id)),
    ];
    if (wrong.length > 0) {
      throw new AppError('DOCKER_VERSIONS_DIFFER', `${wrong.join('; ')}.`);
    }
    return `All run ${shortId(target.id)}: ${namesOf(up)}.`;
  },
});

function problemOf({ name, status, imageId }: ListedContainer, wanted: string): readonly string[] {
  if (status !== 'running') {
    return [`${name} is ${status}`];
  }
  return imageId === wanted ? [] : [`${name} runs ${shortId(imageId)}`];
}
