import type { LogEntry } from '../../shared/ipc/views.js';
import type { DockerPort, SwarmPort, SwarmTask } from '../connections/ports.js';
import { hasFailed, isWanted } from '../steps/swarm/look.js';
import { TaskCursors } from '../steps/swarm/task-cursors.js';
import type { LogSink, ServiceView } from './service-view.js';
import { unknownUse } from './use.js';
import type { Use } from './use.js';

const RETRY_MS = 500;
const FIRST_TAIL = 50;

/** The service as all of its tasks together. */
export function swarmServiceView(swarm: SwarmPort, docker: DockerPort, name: string): ServiceView {
  const look = async (signal: AbortSignal): Promise<readonly SwarmTask[] | null> => {
    const service = await swarm.service(name, signal).catch(() => null);
    return service === null ? null : swarm.tasks(service.id, signal).catch(() => null);
  };
  const restarts = async (signal: AbortSignal): Promise<number | null> =>
    (await look(signal))?.filter(hasFailed).length ?? null;
  return {
    title: `service ${name}`,
    async use(signal) {
      const tasks = await look(signal);
      if (tasks === null) {
        return unknownUse;
      }
      const failed = tasks.filter(hasFailed).length;
      return { ...(await sumOf(docker, tasks, signal)), restarts: failed };
    },
    restarts,
    followLog: (sink, signal) => follow(swarm, name, sink, signal),
  };
}

/** An engine measures its own containers only: where a task runs on another node, the sum is not known. */
async function sumOf(
  docker: DockerPort,
  tasks: readonly SwarmTask[],
  signal: AbortSignal,
): Promise<Use> {
  const ids = tasks
    .filter((task) => isWanted(task) && task.state === 'running')
    .map(({ containerId }) => containerId);
  const stats = await Promise.all(
    ids.map((id) =>
      id === null ? Promise.resolve(null) : docker.stats(id, signal).catch(() => null),
    ),
  );
  const known = stats.filter((one) => one !== null);
  if (known.length === 0 || known.length < stats.length) {
    return unknownUse;
  }
  return {
    ...unknownUse,
    cpuPercent: known.reduce((sum, { cpuPercent }) => sum + cpuPercent, 0),
    memoryBytes: known.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
  };
}

/** Over exchanged tasks and lines that drop, each task's log where it was left. */
async function follow(
  swarm: SwarmPort,
  name: string,
  sink: LogSink,
  signal: AbortSignal,
): Promise<void> {
  const entry = (stream: LogEntry['stream'], at: string, text: string): LogEntry => {
    const isError = stream !== 'mark' && sink.isErrorLine(text);
    return { at, stepId: null, stream, text, isError };
  };
  sink.onEntries([entry('mark', sink.now(), `log of service ${name}`)]);
  let cursors = new TaskCursors();
  let serviceId = '';
  while (!signal.aborted) {
    const service = await swarm.service(name, signal).catch(() => null);
    if (service !== null) {
      if (service.id !== serviceId) {
        serviceId = service.id;
        cursors = new TaskCursors();
      }
      const isNew = cursors.reading();
      const { since } = cursors;
      const from = since === null ? { tail: FIRST_TAIL } : { tail: Number.MAX_SAFE_INTEGER, since };
      const onLine = (line: Parameters<typeof isNew>[0]): void => {
        if (isNew(line)) {
          sink.onEntries([entry(line.stream, line.at, line.text)]);
        }
      };
      await swarm.followLog(serviceId, { ...from, onLine }, signal).catch(() => undefined);
    }
    await sink.delay(RETRY_MS, signal).catch(() => undefined);
  }
}
