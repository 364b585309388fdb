import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import { countText } from '../docker/log-lines.js';
import { Pattern } from '../docker/names.js';
import { HostName, UnitName } from '../host/names.js';
import { defineReadStep } from '../read-step.js';
import { shellQuote } from '../shell-quote.js';
import { linesSinceStart } from './journal.js';

const mostShown = 20;

const journalCommand = (unit: string): string =>
  `sudo journalctl --no-pager -o cat _SYSTEMD_INVOCATION_ID="$(systemctl show -p InvocationID --value ${shellQuote(unit)})"`;

export const checkUnitLog = defineReadStep({
  kind: 'systemd.check-log',
  params: z.strictObject({
    host: HostName,
    unit: UnitName,
    errorLine: Pattern,
    maxErrors: z.int().nonnegative(),
  }),

  describe: ({ host, unit, maxErrors }) =>
    `Check that the journal of unit ${unit} on ${host} holds ${maxErrors === 0 ? 'no error line' : `at most ${countText(maxErrors, 'error line')}`} since it was started`,
  commands: ({ unit, errorLine }) => [
    `${journalCommand(unit)} | grep -cE -- ${shellQuote(errorLine)}`,
  ],

  async look({ host, unit, errorLine, maxErrors }, { connections, signal, emit }) {
    const lines = await linesSinceStart(connections.host(host), unit, null, signal);
    const pattern = new RegExp(errorLine);
    const errors = lines.filter((line) => pattern.test(line));
    errors.slice(0, mostShown).forEach(emit);
    const text = `${countText(errors.length, 'error line')} in ${countText(lines.length, 'line')} since ${unit} was started`;
    if (errors.length > maxErrors) {
      throw new AppError('SERVICE_ERRORS_FOUND', `${text}; ${String(maxErrors)} allowed.`);
    }
    return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}.`;
  },
});

export const readUnitLog = defineReadStep({
  kind: 'systemd.read-log',
  params: z.strictObject({
    host: HostName,
    unit: UnitName,
    tail: z.int().positive().max(10_000),
    errorLine: Pattern,
  }),

  describe: ({ host, unit, tail }) =>
    `Read the last ${countText(tail, 'line')} of the journal of unit ${unit} on ${host}`,
  commands: ({ unit, tail }) => [`${journalCommand(unit)} -n ${String(tail)}`],

  async look({ host, unit, tail, errorLine }, { connections, signal, emit }) {
    const lines = await linesSinceStart(connections.host(host), unit, tail, signal);
    lines.forEach(emit);
    const pattern = new RegExp(errorLine);
    const errors = lines.filter((line) => pattern.test(line)).length;
    const among =
      errors === 0 ? 'no error lines among them' : `${countText(errors, 'error line')} among them`;
    return `${countText(lines.length, 'line')} since ${unit} was started, ${among}.`;
  },
});
