import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import { HealthExpectation } from '../../../shared/runbook/schema.js';
import { defineReadStep } from '../read-step.js';
import { shellCommand } from '../shell-quote.js';
import { addressOf, lookAtService } from './look-at-service.js';

export const checkHealth = defineReadStep({
  kind: 'service.check-health',
  params: z.strictObject({ url: z.url(), health: HealthExpectation }),

  describe: ({ url, health }) =>
    `Ask ${addressOf(url, health.path)} whether the service is healthy`,
  commands: ({ url, health }) => [shellCommand('curl', '--include', addressOf(url, health.path))],

  async look({ url, health }, { connections, signal }) {
    const options = { mayReuse: true };
    const { isHealthy, text } = await lookAtService(connections.http, url, health, signal, options);
    if (!isHealthy) {
      throw new AppError('SERVICE_NOT_HEALTHY', `${addressOf(url, health.path)}: ${text}.`);
    }
    return `Healthy: ${text}.`;
  },
});
