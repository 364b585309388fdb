import type { ContainerDetails, DockerPort } from '../../connections/ports.js';

const serviceLabel = 'com.docker.compose.service';
const projectLabel = 'com.docker.compose.project';

/**
 * Names of the other containers on this engine that are the same service, as Compose labels them. One that is kept from an
 * earlier run does not run and is none.
 */
export async function siblingsOf(
  port: DockerPort,
  { id, labels }: ContainerDetails,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const service = labels[serviceLabel];
  const project = labels[projectLabel];
  if (service === undefined || project === undefined) {
    return [];
  }
  const listed = await port.containers(`${serviceLabel}=${service}`, signal);
  return listed
    .filter((other) => other.id !== id && other.labels[projectLabel] === project)
    .filter((other) => other.status !== 'created' && other.status !== 'exited')
    .map(({ name }) => name);
}
