import { z } from 'zod';
import type { LogLine, SwarmLogLine } from '../../connections/ports.js';
import type { ServiceLog } from '../log-source.js';
import { shellCommand } from '../shell-quote.js';
import { serviceNamed } from './look.js';
import { TaskCursors } from './task-cursors.js';

/** How far each task's log had come: tasks run on several machines, whose clocks need not agree. */
export const SwarmMark = z.strictObject({
  serviceId: z.string().min(1),
  tasks: z.record(z.string(), z.strictObject({ last: z.string(), atLast: z.int().nonnegative() })),
});
export type SwarmMark = z.infer<typeof SwarmMark>;

const mostLines = 10_000;

export function swarmLog(place: { readonly engine: string; readonly service: string }): ServiceLog {
  const { engine, service } = place;
  return {
    title: `service ${service}`,
    followCommand: shellCommand('docker', 'service', 'logs', '--follow', '--tail', '10', service),

    async mark({ connections, signal }) {
      const port = connections.swarm(engine);
      const { id: serviceId } = await serviceNamed(port, service, signal);
      const cursors = new TaskCursors();
      for (const line of await port.readLog(serviceId, { tail: 100 }, signal)) {
        cursors.take(line);
      }
      return { serviceId, tasks: cursors.marks };
    },

    async followNew(raw, onLine, { connections }, signal) {
      const { serviceId, tasks } = SwarmMark.parse(raw);
      const cursors = new TaskCursors(tasks);
      const tell = newLines(cursors, onLine);
      await connections
        .swarm(engine)
        .followLog(serviceId, { ...sinceOptions(cursors), onLine: tell }, signal);
    },
  };
}

function sinceOptions({ since }: TaskCursors): { readonly tail: number; readonly since?: string } {
  return since === null ? { tail: mostLines } : { tail: mostLines, since };
}

function newLines(
  cursors: TaskCursors,
  onLine: (line: LogLine) => void,
): (line: SwarmLogLine) => void {
  const isNew = cursors.reading();
  return (line) => {
    if (isNew(line)) {
      onLine(line);
    }
  };
}
