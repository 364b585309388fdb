import { z } from 'zod';
import { times } from '../../../shared/count.js';
import { AppError } from '../../../shared/errors/app-error.js';
import { defineReadStep } from '../read-step.js';
import { shellCommand, shellQuote } from '../shell-quote.js';
import { containerNamed } from './containers.js';
import { countText, linesSinceStart, matching } from './log-lines.js';
import { ContainerName, EngineName, Pattern } from './names.js';

const mostShown = 20;

export const checkLog = defineReadStep({
  kind: 'docker.check-log',
  params: z.strictObject({
    engine: EngineName,
    container: ContainerName,
    errorLine: Pattern,
    maxErrors: z.int().nonnegative(),
  }),

  describe: ({ engine, container, maxErrors }) =>
    `Check that the log of container ${container} on ${engine} holds ${maxErrors === 0 ? 'no error line' : `at most ${countText(maxErrors, 'error line')}`} since it started`,
  commands: ({ container, errorLine }) => [
    `docker logs --since "$(${shellCommand('docker', 'inspect', '--format', '{{.State.StartedAt}}', container)})" ${shellQuote(container)} 2>&1 | grep -cE -- ${shellQuote(errorLine)}`,
  ],

  async look({ engine, container, errorLine, maxErrors }, { connections, signal, emit }) {
    const port = connections.docker(engine);
    const found = await containerNamed(port, container, signal);
    // Its last life may be short and clean because the one before ended badly.
    if (found.restartCount > 0) {
      throw new AppError(
        'SERVICE_EXITED',
        `${container} was restarted ${times(found.restartCount)} by the engine.`,
      );
    }
    const lines = await linesSinceStart(port, found, signal);
    const errors = matching(lines, errorLine);
    for (const line of errors.slice(0, mostShown)) {
      emit(line.text);
    }
    const text = `${countText(errors.length, 'error line')} in ${countText(lines.length, 'line')} since ${container} started`;
    if (errors.length > maxErrors) {
      throw new AppError('SERVICE_ERRORS_FOUND', `${text}; ${maxErrors} allowed.`);
    }
    return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}.`;
  },
});
