import { AppError } from '../../../shared/errors/app-error.js';
import type { SwarmPort, SwarmService, SwarmTask } from '../../connections/ports.js';
import { runsSpec, sightOf } from './specs.js';

export async function serviceNamed(
  port: SwarmPort,
  name: string,
  signal: AbortSignal,
): Promise<SwarmService> {
  const found = await port.service(name, signal);
  if (found === null) {
    throw new AppError('SWARM_SERVICE_MISSING', `There is no service ${name} in this swarm.`);
  }
  return found;
}

/** `web.2`, as the engine's own command line says it. */
export function taskName(service: string, { id, slot, nodeId }: SwarmTask): string {
  return `${service}.${slot === null ? nodeId.slice(0, 12) : String(slot)} (${id.slice(0, 8)})`;
}

/** A task of before a change is told to shut down; one that is wanted is told to run. */
export function isWanted({ desiredState }: SwarmTask): boolean {
  return !['shutdown', 'remove', 'orphaned'].includes(desiredState);
}

/** Ended by itself. One that the engine ended as unhealthy counts as complete where its process obeyed with exit code 0. */
export function hasFailed({ state }: SwarmTask): boolean {
  return state === 'failed' || state === 'rejected' || state === 'complete';
}

function reasonOf({ state, error }: SwarmTask): string {
  const unsaid =
    state === 'complete'
      ? 'it ended with exit code 0, by itself or because the engine’s health check failed'
      : 'no reason given';
  return error === '' ? unsaid : error;
}

export function updateText({ update }: SwarmService): string {
  if (update === null) {
    return 'no change is under way';
  }
  const said = update.message === '' ? '' : `: ${update.message}`;
  return `${update.state.replace('_', ' ')}${said}`;
}

export type TaskSight = {
  readonly wanted: number;
  /** Running, made from the present specification. */
  readonly running: number;
  /** Wanted but not (yet) running, or still of another specification. */
  readonly others: readonly SwarmTask[];
};

export function sightOfTasks(service: SwarmService, tasks: readonly SwarmTask[]): TaskSight {
  const present = tasks.filter(isWanted);
  const isUp = (task: SwarmTask): boolean =>
    task.state === 'running' && runsSpec(task, service.spec);
  const running = present.filter(isUp).length;
  const { replicas } = sightOf(service.spec);
  return {
    wanted: replicas ?? present.length,
    running,
    others: present.filter((task) => !isUp(task)),
  };
}

/** One line for each task that failed, the newest first. */
export function failuresText(service: SwarmService, tasks: readonly SwarmTask[]): string {
  const failed = tasks.filter((task) => hasFailed(task) && runsSpec(task, service.spec));
  return failed
    .slice(0, 3)
    .map((task) => `${taskName(service.name, task)} ${task.state}: ${reasonOf(task)}`)
    .join('; ');
}
