import os from 'node:os';
import path from 'node:path';
import type { RegistryLogin } from './ports.js';
import { readRegistryLogin } from './registry-login.js';

/** From the configuration of whoever runs this console. */
export function ownRegistryLogin(repository: string): Promise<RegistryLogin | null> {
  // eslint-disable-next-line no-restricted-syntax -- where Docker's own client finds the user's logins; it leads no run anywhere
  const env = process.env;
  const folder = env['DOCKER_CONFIG'] || path.join(os.homedir(), '.docker');
  return readRegistryLogin(repository, { folder, environment: env });
}
