import type { ContainerDetails, DockerPort, ListedContainer } from '../../connections/ports.js';

const serviceLabel = 'com.docker.compose.service';
const projectLabel = 'com.docker.compose.project';
const down: ReadonlySet<string> = new Set(['created', 'exited', 'dead']);

/**
 * Names of the other containers on this engine that are the same service: those with the runbook's label, and those of the
 * same service as Compose labels them. One that is kept from an earlier run does not run and is none.
 */
export async function siblingsOf(
  port: DockerPort,
  container: ContainerDetails,
  label: string | null,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const labelled = label === null ? [] : await port.containers(label, signal);
  const all = [...labelled, ...(await composeSiblings(port, container, signal))];
  const names = all
    .filter(({ id, status }) => id !== container.id && !down.has(status))
    .map(({ name }) => name);
  return [...new Set(names)];
}

async function composeSiblings(
  port: DockerPort,
  { labels }: ContainerDetails,
  signal: AbortSignal,
): Promise<readonly ListedContainer[]> {
  const service = labels[serviceLabel];
  const project = labels[projectLabel];
  if (service === undefined || project === undefined) {
    return [];
  }
  const listed = await port.containers(`${serviceLabel}=${service}`, signal);
  return listed.filter((other) => other.labels[projectLabel] === project);
}
