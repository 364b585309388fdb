import { AppError } from '../../../shared/errors/app-error.js';
import type { ContainerDetails, DockerPort, RestartPolicy } from '../../connections/ports.js';
import { shortId } from './names.js';

export const neverRestart: RestartPolicy = { name: 'no', maximumRetryCount: 0 };

/** By the name the plan uses; `DOCKER_CONTAINER_MISSING` when there is none. */
export async function containerNamed(
  port: DockerPort,
  name: string,
  signal: AbortSignal,
): Promise<ContainerDetails> {
  const container = await port.container(name, signal);
  // The engine also takes the beginning of an id for a name.
  if (container === null || container.name !== name) {
    throw new AppError('DOCKER_CONTAINER_MISSING', `There is no container named ${name}.`);
  }
  return container;
}

/** By the id on record, whatever it is called by now. */
export async function containerById(
  port: DockerPort,
  id: string,
  signal: AbortSignal,
): Promise<ContainerDetails> {
  const container = await port.container(id, signal);
  if (container === null) {
    throw new AppError('DOCKER_CONTAINER_MISSING', `Container ${shortId(id)} is gone.`);
  }
  return container;
}

export async function findNamed(
  port: DockerPort,
  name: string,
  signal: AbortSignal,
): Promise<ContainerDetails | null> {
  const container = await port.container(name, signal);
  return container?.name === name ? container : null;
}

export async function applyRestartPolicy(
  port: DockerPort,
  container: ContainerDetails,
  policy: RestartPolicy,
  signal: AbortSignal,
): Promise<void> {
  const { name, maximumRetryCount } = container.restartPolicy;
  if (name !== policy.name || maximumRetryCount !== policy.maximumRetryCount) {
    await port.setRestartPolicy(container.id, policy, signal);
  }
}

/** An engine that cannot change a policy does not restart what it was told to stop. */
const mayStopAllTheSame: ReadonlySet<string> = new Set(['DOCKER_REFUSED', 'DOCKER_POLICY_FIXED']);

/**
 * Stops a container so that it stays down. One that ends and is restarted again and again may refuse the new policy
 * between two of its lives; stopping ends its restarts, so then the policy is set once it is down.
 */
export async function stopForGood(
  port: DockerPort,
  container: ContainerDetails,
  graceSeconds: number,
  signal: AbortSignal,
): Promise<void> {
  const refusal = await applyRestartPolicy(port, container, neverRestart, signal).then(
    () => null,
    (thrown: unknown) => {
      if (thrown instanceof AppError && mayStopAllTheSame.has(thrown.code)) {
        return thrown.code;
      }
      throw thrown;
    },
  );
  await port.stop(container.id, graceSeconds, signal);
  if (refusal === 'DOCKER_REFUSED') {
    const stopped = await containerById(port, container.id, signal);
    await applyRestartPolicy(port, stopped, neverRestart, signal);
  }
}

export function restartText({ restartPolicy }: ContainerDetails): string {
  return `${restartPolicy.name}:${restartPolicy.maximumRetryCount}`;
}

/** Really serving: neither paused nor between two restarts. */
export function isUp(container: ContainerDetails): boolean {
  return container.running && container.status === 'running';
}

export function stateText(container: ContainerDetails): string {
  if (isUp(container)) {
    return `${container.name} is running (${shortId(container.id)}).`;
  }
  const exit = container.status === 'exited' ? ` with exit code ${container.exitCode}` : '';
  return `${container.name} is ${container.status}${exit} (${shortId(container.id)}).`;
}
