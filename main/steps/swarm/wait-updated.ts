import { z } from 'zod';
import { EngineName } from '../docker/names.js';
import { defineReadStep } from '../read-step.js';
import { shellCommand } from '../shell-quote.js';
import { serviceNamed } from './look.js';
import { ServiceName, SpecHash } from './names.js';
import { settle } from './settle.js';

export const waitUpdated = defineReadStep({
  kind: 'swarm.wait-updated',
  waits: true,
  params: z.strictObject({
    engine: EngineName,
    service: ServiceName,
    specification: SpecHash,
    timeoutSeconds: z.number().positive().max(86_400),
  }),

  describe: ({ engine, service, timeoutSeconds }) =>
    `Wait until every task of service ${service} on ${engine} runs by the chosen specification, for up to ${timeoutSeconds} s`,
  commands: ({ service }) => [
    shellCommand('docker', 'service', 'inspect', '--format', '{{json .UpdateStatus}}', service),
    shellCommand('docker', 'service', 'ps', '--no-trunc', service),
  ],

  async look({ engine, service, specification: hash, timeoutSeconds }, context) {
    const port = context.connections.swarm(engine);
    const { id: serviceId } = await serviceNamed(port, service, context.signal);
    return settle({ engine, serviceId, hash, timeoutSeconds }, context);
  },
});
