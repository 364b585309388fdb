import { EngineError } from './engine-error.js';
import type { ContainerRecord, World } from './world.js';

export type Binding = { readonly key: string; readonly hostPort: number; readonly hostIp: string };

/** What a container publishes, one entry for each host port; port 0 is any free one. */
export function bindingsOf(container: ContainerRecord): readonly Binding[] {
  return Object.entries(container.hostConfig.PortBindings ?? {}).flatMap(([key, bindings]) =>
    (bindings ?? []).map(({ HostPort: hostPort, HostIp: hostIp }) => ({
      key: key.includes('/') ? key : `${key}/tcp`,
      hostPort: Number(hostPort || '0') || 0,
      hostIp: hostIp || '0.0.0.0',
    })),
  );
}

/** Two running containers cannot hold the same host port: 500, in the engine's own words. */
export function assertPortsFree(world: World, container: ContainerRecord): void {
  const held = new Set(
    world.containers
      .filter((other) => other !== container && other.state.status === 'running')
      .flatMap((other) =>
        Object.entries(other.state.ports).map(([key, port]) => `${port}/${key.split('/')[1]}`),
      ),
  );
  const isTaken = bindingsOf(container).some(
    ({ key, hostPort }) => hostPort !== 0 && held.has(`${hostPort}/${key.split('/')[1]}`),
  );
  if (isTaken) {
    throw bindFailure(container, 'port is already allocated');
  }
}

export function bindFailure(container: ContainerRecord, reason: string): EngineError {
  const first = bindingsOf(container)[0];
  const address = `${first?.hostIp ?? '0.0.0.0'}:${first?.hostPort ?? 0}`;
  return new EngineError(
    500,
    `driver failed programming external connectivity on endpoint ${container.name} (${container.id}): ` +
      `Bind for ${address} failed: ${reason}`,
  );
}
