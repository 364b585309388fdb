import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * A virtual display of the bench's own, so that nothing else is drawn on it.
 * @param {{ uid?: number, gid?: number, env: NodeJS.ProcessEnv }} user
 */
export async function openDisplay({ env, ...user }) {
  const args = ['-displayfd', '1', '-screen', '0', '1920x1080x24', '-nolisten', 'tcp'];
  const server = spawn('Xvfb', args, { ...user, env, stdio: ['ignore', 'pipe', 'ignore'] });
  const number = await Promise.race([
    once(server.stdout, 'data').then(([chunk]) => String(chunk).trim()),
    once(server, 'exit').then(() => null),
  ]);
  if (number === null) {
    throw new Error('The virtual display (Xvfb) did not start.');
  }
  return { name: `:${number}`, close: () => void server.kill() };
}
