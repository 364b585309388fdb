import type { SshConnection } from './connection.js';

/** The inner one first, so that its goodbye still has a way to go. */
export function endAll(connections: readonly SshConnection[]): void {
  for (const connection of connections.toReversed()) {
    connection.end();
  }
}
