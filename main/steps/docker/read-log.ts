import { z } from 'zod';
import { defineReadStep } from '../read-step.js';
import { shellCommand } from '../shell-quote.js';
import { containerNamed } from './containers.js';
import { countText, linesSinceStart, matching } from './log-lines.js';
import { ContainerName, EngineName, Pattern } from './names.js';

export const readLog = defineReadStep({
  kind: 'docker.read-log',
  params: z.strictObject({
    engine: EngineName,
    container: ContainerName,
    tail: z.int().positive().max(10_000),
    errorLine: Pattern,
  }),

  describe: ({ engine, container, tail }) =>
    `Read the last ${tail} log lines of container ${container} on ${engine}`,
  commands: ({ container, tail }) => [
    shellCommand('docker', 'logs', '--tail', String(tail), container),
  ],

  async look({ engine, container, tail, errorLine }, { connections, signal, emit }) {
    const port = connections.docker(engine);
    const lines = await linesSinceStart(
      port,
      await containerNamed(port, container, signal),
      signal,
    );
    for (const line of lines.slice(-tail)) {
      emit(line.text);
    }
    const errors = matching(lines, errorLine).length;
    return `${countText(lines.length, 'line')} since ${container} started, ${countText(errors, 'error line')} among them.`;
  },
});
