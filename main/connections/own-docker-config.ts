import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type { RegistryLogin } from './ports.js';
import { readRegistryLogin } from './registry-login.js';

/** From the configuration of whoever runs this console. */
export function ownRegistryLogin(repository: string): Promise<RegistryLogin | null> {
  const { env } = process;
  const folder = env['DOCKER_CONFIG'] || path.join(os.homedir(), '.docker');
  return readRegistryLogin(repository, { folder, environment: env });
}
