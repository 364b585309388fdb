import { existsSync } from 'node:fs';
import path from 'node:path';

/** The client the distribution packages, or any other: the range must please them all. */
export const dockerClient = [
  '/usr/bin/docker',
  ...(process.env['PATH'] ?? '').split(':').map((dir) => path.join(dir, 'docker')),
].find(existsSync);

/** In CI a missing client is a failure of the machine, not a reason to pass. */
export const mayLackClient = dockerClient === undefined && process.env['CI'] !== 'true';
