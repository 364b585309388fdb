import { z } from 'zod';
import { times } from '../../../shared/count.js';
import { AppError } from '../../../shared/errors/app-error.js';
import { AbsolutePath, HostName, UnitName } from '../host/names.js';
import { defineReadStep } from '../read-step.js';
import { shellCommand } from '../shell-quote.js';
import { mustRunFrom, seeUnitState, unitText } from './units.js';

export const checkUnit = defineReadStep({
  kind: 'systemd.check-unit',
  params: z.strictObject({ host: HostName, unit: UnitName, release: AbsolutePath.optional() }),

  describe: ({ host, unit, release }) =>
    `Check that unit ${unit} on ${host} is active${release === undefined ? '' : `, runs from ${release}`} and was not restarted`,
  commands: ({ unit }) => [
    shellCommand('systemctl', 'status', unit),
    shellCommand('systemctl', 'show', '-p', 'NRestarts', '-p', 'Result', '-p', 'MainPID', unit),
  ],

  async look({ host, unit, release }, { connections, signal }) {
    const sight = await seeUnitState(connections.host(host), unit, signal);
    if (sight.activeState !== 'active') {
      throw new AppError('SERVICE_EXITED', `${unitText(unit, sight)}.`);
    }
    if (sight.restarts > 0) {
      throw new AppError(
        'SERVICE_EXITED',
        `${unit} was restarted ${times(sight.restarts)} by systemd.`,
      );
    }
    mustRunFrom(unit, sight, release);
    const from = sight.folder === null ? '' : ` from ${sight.folder}`;
    return `${unitText(unit, sight)}${from}, not restarted.`;
  },
});
