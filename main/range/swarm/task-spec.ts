import { isDeepStrictEqual } from 'node:util';
import type { ServiceRecord, TaskRecord } from './swarm-record.js';

/** Whether a task was made by the service's present specification. */
export function isOfSpec(task: TaskRecord, service: ServiceRecord): boolean {
  return isDeepStrictEqual(task.spec, service.spec.TaskTemplate);
}
