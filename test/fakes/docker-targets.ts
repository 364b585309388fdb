import type { DockerImages } from '../../shared/runbook/targets-schema.js';
import type { Runbook } from '../../shared/runbook/schema.js';

/** Where the first procedure of a runbook that is about containers looks for its images. */
export function dockerTargetsOf({ procedures }: Runbook): DockerImages {
  for (const { targets } of procedures) {
    if (targets.kind === 'docker.images') {
      return targets;
    }
  }
  throw new Error('This runbook has no procedure for containers.');
}
