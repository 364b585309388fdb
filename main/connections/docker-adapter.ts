import Modem from 'docker-modem';
import { DockerClient } from './docker-client.js';
import { DockerTransport } from './docker-transport.js';
import type { Dial } from './docker-transport.js';
import type { DockerPort } from './ports.js';

/** The library lets these override what it is told, so a practice run could reach production. */
const variables = [
  'DOCKER_HOST',
  'DOCKER_CONTEXT',
  'DOCKER_TLS_VERIFY',
  'DOCKER_CERT_PATH',
  'DOCKER_PATH_PREFIX',
  'DOCKER_CLIENT_TIMEOUT',
  'DOCKER_API_VERSION',
];

/** What the library keeps of where it goes; its types leave these out. */
type Led = { readonly host?: unknown; readonly socketPath?: unknown; readonly protocol?: unknown };

/** Talks to the engine behind this socket and to no other, whatever the environment says. Connects on first use. */
export function createDockerAdapter(socketPath: string): DockerPort {
  for (const variable of variables) {
    // eslint-disable-next-line no-restricted-syntax, @typescript-eslint/no-dynamic-delete -- reads nothing: takes away what would mislead the library
    delete process.env[variable];
  }
  const modem = new Modem({ socketPath });
  const led = modem as Led;
  if (led.socketPath !== socketPath || led.host !== undefined || led.protocol !== 'http') {
    throw new Error('The Docker library was led to another place than the one it was given.');
  }
  return new DockerClient(
    new DockerTransport(socketPath, (options, callback) => {
      modem.dial(options, callback);
    }),
  );
}
