import type { ContainerDetails } from '../../connections/ports.js';

const label = (name: string): string => `com.docker.compose.${name}`;

/** What follows from Compose having made the container, and what to change so that it does not; null where it did not. */
export function composeWords({ labels }: ContainerDetails): string | null {
  const project = labels[label('project')];
  if (project === undefined) {
    return null;
  }
  const service = labels[label('service')] ?? 'the service';
  const files = labels[label('project.config_files')];
  const where = files === undefined ? 'its Compose file' : files.split(',').join(' and ');
  return `Managed by Compose project ${project}: the next “docker compose up” replaces this container by the version that the file names. Before that, set the image of ${service} in ${where} to the version you go back to.`;
}
