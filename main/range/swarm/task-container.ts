import type { CreateRequest } from '../create-container.js';
import type { SwarmBook } from './swarm-book.js';
import type { TaskRecord } from './swarm-record.js';

/** The container of a task: it publishes nothing itself, the swarm's ingress leads to it. */
export function containerOf(
  book: Pick<SwarmBook, 'record' | 'service'>,
  task: TaskRecord,
): { readonly name: string; readonly request: CreateRequest } {
  const { Name: service } = book.service(task.serviceId).spec;
  const name = `${service}.${task.slot}.${task.id}`;
  const { Image, Env, Labels, Healthcheck } = task.spec.ContainerSpec;
  return {
    name,
    request: {
      config: {
        Image,
        Env,
        Healthcheck,
        Labels: {
          ...Labels,
          'com.docker.swarm.node.id': book.record.nodeId,
          'com.docker.swarm.service.id': task.serviceId,
          'com.docker.swarm.service.name': service,
          'com.docker.swarm.task': '',
          'com.docker.swarm.task.id': task.id,
          'com.docker.swarm.task.name': name,
        },
      },
      hostConfig: {},
      endpoints: {},
    },
  };
}
