import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import { byTime } from '../../../shared/newest-first.js';
import type { SwarmLogLine, SwarmTask } from '../../connections/ports.js';
import { countText, matching } from '../docker/log-lines.js';
import { EngineName, Pattern } from '../docker/names.js';
import { defineReadStep } from '../read-step.js';
import { shellCommand, shellQuote } from '../shell-quote.js';
import type { StepContext } from '../step-kind.js';
import { isWanted, serviceNamed, taskName } from './look.js';
import { ServiceName } from './names.js';

const mostLines = 10_000;
const mostShown = 20;
const place = { engine: EngineName, service: ServiceName };
const Tail = z.int().positive().max(mostLines);

/** The tasks of before go by themselves after a while, and their logs with them; what is emitted stays with the run. */
export const saveServiceLog = defineReadStep({
  kind: 'swarm.save-log',
  params: z.strictObject({ ...place, tail: Tail }),

  describe: ({ engine, service, tail }) =>
    `Keep the last ${tail} log lines of each task of service ${service} on ${engine} with the run`,
  commands: ({ service, tail }) => [
    `${logsCommand(service, tail)} > ${shellQuote(`${service}.log`)} 2>&1`,
  ],

  async look({ engine, service, tail }, context) {
    const { lines, nameOf } = await linesOf(engine, service, tail, context);
    for (const line of lines) {
      context.emit(`${line.at} ${nameOf(line)} ${line.text}`);
    }
    await context.kept();
    return `Kept ${countText(lines.length, 'line')} of ${service}.`;
  },
});

export const readServiceLog = defineReadStep({
  kind: 'swarm.read-log',
  params: z.strictObject({ ...place, tail: Tail, errorLine: Pattern }),

  describe: ({ engine, service, tail }) =>
    `Read the last ${tail} log lines of the present tasks of service ${service} on ${engine}`,
  commands: ({ service, tail }) => [logsCommand(service, tail)],

  async look({ engine, service, tail, errorLine }, context) {
    const { present, nameOf } = await linesOf(engine, service, mostLines, context);
    for (const line of present.slice(-tail)) {
      context.emit(`${nameOf(line)} ${line.text}`);
    }
    const errors = matching(present, errorLine).length;
    return `${countText(present.length, 'line')} of the present tasks of ${service}, ${countText(errors, 'error line')} among them.`;
  },
});

export const checkServiceLog = defineReadStep({
  kind: 'swarm.check-log',
  params: z.strictObject({ ...place, errorLine: Pattern, maxErrors: z.int().nonnegative() }),

  describe: ({ engine, service, maxErrors }) =>
    `Check that the logs of the present tasks of service ${service} on ${engine} hold ${maxErrors === 0 ? 'no error line' : `at most ${countText(maxErrors, 'error line')}`}`,
  commands: ({ service, errorLine }) => [
    `for task in $(${shellCommand('docker', 'service', 'ps', '--quiet', '--filter', 'desired-state=running', service)}); do docker service logs "$task" 2>&1; done | grep -cE -- ${shellQuote(errorLine)}`,
  ],

  async look({ engine, service, errorLine, maxErrors }, context) {
    const { present, nameOf } = await linesOf(engine, service, mostLines, context);
    const errors = matching(present, errorLine);
    const shown = new Set(errors.slice(0, mostShown));
    for (const line of present.filter((candidate) => shown.has(candidate))) {
      context.emit(`${nameOf(line)} ${line.text}`);
    }
    const text = `${countText(errors.length, 'error line')} in ${countText(present.length, 'line')} of the present tasks of ${service}`;
    if (errors.length > maxErrors) {
      throw new AppError('SERVICE_ERRORS_FOUND', `${text}; ${maxErrors} allowed.`);
    }
    return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}.`;
  },
});

function logsCommand(service: string, tail: number): string {
  return shellCommand('docker', 'service', 'logs', '--timestamps', '--tail', String(tail), service);
}

type Lines = {
  readonly lines: readonly SwarmLogLine[];
  /** Those of the tasks that are wanted now. */
  readonly present: readonly SwarmLogLine[];
  readonly nameOf: (line: SwarmLogLine) => string;
};

/** In the order of time, as far as the machines' clocks agree. */
async function linesOf(
  engine: string,
  service: string,
  tail: number,
  { connections, signal }: StepContext,
): Promise<Lines> {
  const port = connections.swarm(engine);
  const { id } = await serviceNamed(port, service, signal);
  const tasks = new Map<string, SwarmTask>();
  for (const task of await port.tasks(id, signal)) {
    tasks.set(task.id, task);
  }
  const read = await port.readLog(id, { tail }, signal);
  const lines = read.toSorted((left, right) => byTime(left.at, right.at));
  const nameOf = ({ taskId }: SwarmLogLine): string => {
    const task = tasks.get(taskId);
    return task === undefined ? service : taskName(service, task);
  };
  const present = lines.filter(({ taskId }) => {
    const task = tasks.get(taskId);
    return task !== undefined && isWanted(task);
  });
  return { lines, present, nameOf };
}
