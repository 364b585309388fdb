import { z } from 'zod';
import { defineReadStep } from '../read-step.js';
import { shellCommand } from '../shell-quote.js';
import { containerNamed } from './containers.js';
import { ContainerName, EngineName } from './names.js';

/** The container's log is gone once somebody removes it; what is emitted here stays with the run. */
export const saveLog = defineReadStep({
  kind: 'docker.save-log',
  params: z.strictObject({
    engine: EngineName,
    container: ContainerName,
    tail: z.int().positive().max(100_000),
  }),

  describe: ({ engine, container, tail }) =>
    `Keep the last ${tail} log lines of container ${container} on ${engine} with the run`,
  commands: ({ container, tail }) => [
    `${shellCommand('docker', 'logs', '--timestamps', '--tail', String(tail), container)} > ${shellCommand(`${container}.log`)} 2>&1`,
  ],

  async look({ engine, container, tail }, { connections, signal, emit, kept }) {
    const port = connections.docker(engine);
    const { id } = await containerNamed(port, container, signal);
    const lines = await port.readLog(id, { tail }, signal);
    for (const line of lines) {
      emit(`${line.at} ${line.text}`);
    }
    await kept();
    return lines.length === 0
      ? `The log of ${container} is empty.`
      : `Kept the last ${countOf(lines.length)} of ${container}.`;
  },
});

function countOf(lines: number): string {
  return lines === 1 ? 'line' : `${lines} lines`;
}
