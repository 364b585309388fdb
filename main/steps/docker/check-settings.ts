import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import { changeInWords } from '../../../shared/plan/foresight.js';
import { defineReadStep } from '../read-step.js';
import { shellCommand } from '../shell-quote.js';
import { containerNamed, findNamed } from './containers.js';
import { foreseeExchange } from './foresee-replacement.js';
import { lookUp } from './kept-container.js';
import { ContainerName, EngineName } from './names.js';
import { settingsDifferences } from './settings-differences.js';

export const checkSettings = defineReadStep({
  kind: 'docker.check-settings',
  params: z.strictObject({ engine: EngineName, container: ContainerName, kept: ContainerName }),

  describe: ({ engine, container, kept }) =>
    `Check that container ${container} on ${engine} is set up like the kept ${kept}`,
  commands: ({ container, kept }) => [
    inspected(kept, 'lastgood-kept.txt'),
    inspected(container, 'lastgood-now.txt'),
    'diff lastgood-kept.txt lastgood-now.txt',
  ],

  async look({ engine, container, kept }, { connections, vault, signal, emit }) {
    const port = connections.docker(engine);
    const now = await containerNamed(port, container, signal);
    // One that removed itself when it stopped is compared as it was put away.
    const old =
      now.autoRemove && (await findNamed(port, kept, signal)) === null
        ? await lookUp(vault, container)
        : await containerNamed(port, kept, signal);
    const [image, oldImage] = await Promise.all([
      port.image(now.imageId, signal),
      port.image(old.imageId, signal),
    ]);
    const { changes, carried } = await foreseeExchange(
      { container: old, image: oldImage },
      { container: now, image },
      vault.mark,
    );
    for (const change of changes) {
      emit(changeInWords(change));
    }
    emit(`Carried: ${carried.join(', ')}.`);
    const differences = settingsDifferences(
      { container: old, image: oldImage },
      { container: now, image },
    );
    if (differences.length > 0) {
      throw new AppError(
        'DOCKER_SETTINGS_DIFFER',
        `${container} differs from ${kept} in: ${differences.join(', ')}.`,
      );
    }
    return `${container} has the ports, environment, mounts, networks, labels, limits and restart policy of ${kept}.`;
  },
});

function inspected(container: string, file: string): string {
  const format = '{{json .Config}} {{json .HostConfig}} {{json .NetworkSettings.Networks}}';
  return `${shellCommand('docker', 'inspect', '--format', format, container)} | tr , '\\n' > ${file}`;
}
