import { frame, isAskedFor, parseLogQuery, tailOf } from '../log-frames.js';
import type { StoredLine } from '../log-store.js';
import { isTrue, route } from '../router.js';
import type { Call, Route } from '../router.js';
import type { TaskRecord } from '../swarm/swarm-record.js';
import type { Swarm } from '../swarm/swarm.js';
import { managed } from './swarm-routes.js';

export const serviceLogRoutes: readonly Route[] = [
  route(
    'GET',
    '/services/{id}/logs',
    managed((swarm, call) => {
      const { id } = swarm.book.service(call.subject);
      return logs(swarm, call, () => swarm.book.tasksOf(id));
    }),
  ),
  route(
    'GET',
    '/tasks/{id}/logs',
    managed((swarm, call) => {
      const task = swarm.book.task(call.subject);
      return logs(swarm, call, () => [task]);
    }),
  ),
];

/** The lines of every task, each task's in order; a followed log takes in tasks that come later and never ends by itself. */
function logs(swarm: Swarm, call: Call, tasks: () => readonly TaskRecord[]): null {
  const { query, response } = call;
  const { logs: store } = swarm.engine.parts;
  const wanted = parseLogQuery(query);
  const { hasTimestamps } = wanted;
  const isFollowed = isTrue(query.get('follow'));
  const isDetailed = isTrue(query.get('details'));
  const writer = (task: TaskRecord) => {
    const details = isDetailed ? detailsOf(task, swarm) : '';
    return (line: StoredLine): void => {
      if (isAskedFor(line, wanted)) {
        response.write(frame(line, { hasTimestamps, isRaw: false, details }));
      }
    };
  };
  response.writeHead(200, { 'content-type': 'application/vnd.docker.multiplexed-stream' });
  response.flushHeaders();
  const followed = new Map<string, () => void>();
  const take = (): void => {
    for (const task of tasks()) {
      if (task.containerId !== null && !followed.has(task.containerId)) {
        const write = writer(task);
        tailOf(store.read(task.containerId), wanted).forEach(write);
        const unsubscribe = isFollowed ? store.subscribe(task.containerId, write) : () => undefined;
        followed.set(task.containerId, unsubscribe);
      }
    }
  };
  take();
  if (!isFollowed) {
    response.end();
    return null;
  }
  const leave = swarm.book.onChange(take);
  response.once('close', () => {
    leave();
    followed.forEach((unsubscribe) => {
      unsubscribe();
    });
  });
  return null;
}

function detailsOf({ id, serviceId }: TaskRecord, { book }: Swarm): string {
  return [
    `com.docker.swarm.node.id=${book.record.nodeId}`,
    `com.docker.swarm.service.id=${serviceId}`,
    `com.docker.swarm.task.id=${id}`,
  ].join(',');
}
