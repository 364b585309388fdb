import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import { EngineName } from '../docker/names.js';
import { defineReadStep } from '../read-step.js';
import { shellCommand } from '../shell-quote.js';
import { serviceNamed, updateText } from './look.js';
import { ServiceName, SpecHash } from './names.js';
import { differencesOf, hashOf, sightOf, sightText } from './specs.js';

export const checkService = defineReadStep({
  kind: 'swarm.check-service',
  params: z.strictObject({ engine: EngineName, service: ServiceName, specification: SpecHash }),

  describe: ({ engine, service }) =>
    `Check that ${engine} still keeps the chosen specification of service ${service}`,
  commands: ({ service }) => [
    shellCommand('docker', 'service', 'inspect', '--format', '{{json .PreviousSpec}}', service),
    shellCommand('docker', 'service', 'ps', service),
  ],

  async look({ engine, service, specification }, { connections, signal, emit }) {
    const port = connections.swarm(engine);
    await port.node(signal);
    const found = await serviceNamed(port, service, signal);
    if (hashOf(found.spec) === specification) {
      return `${service} is at the chosen specification already: ${sightText(sightOf(found.spec))}.`;
    }
    if (found.update?.state === 'rollback_started') {
      throw new AppError('SWARM_BUSY', `${service}: ${updateText(found)}.`);
    }
    if (found.previousSpec === null || hashOf(found.previousSpec) !== specification) {
      throw new AppError(
        'SWARM_CHANGED',
        `What the engine keeps as the previous specification of ${service} is not the one that was chosen.`,
      );
    }
    for (const difference of differencesOf(found.spec, found.previousSpec)) {
      emit(difference);
    }
    return `The engine keeps it: ${sightText(sightOf(found.previousSpec))}. Now: ${updateText(found)}.`;
  },
});
