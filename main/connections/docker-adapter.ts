import Modem from 'docker-modem';
import { DockerClient } from './docker-client.js';
import { DockerTransport } from './docker-transport.js';
import type { DockerPort } from './ports.js';
import { SwarmClient } from './swarm-client.js';
import type { SwarmPort } from './swarm-types.js';

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

/** Talks to the engine behind this socket and to no other, whatever the environment says. Connects on first use. */
export function createDockerAdapter(socketPath: string): DockerPort {
  return new DockerClient(createTransport(socketPath));
}

/** The same engine as the manager of a swarm. */
export function createSwarmAdapter(socketPath: string): SwarmPort {
  return new SwarmClient(createTransport(socketPath));
}

function createTransport(socketPath: string): DockerTransport {
  for (const variable of variables) {
    // eslint-disable-next-line no-restricted-syntax, @typescript-eslint/no-dynamic-delete -- reads nothing: takes away what would mislead the library
    delete process.env[variable];
  }
  const modem = new Modem({ socketPath });
  // The library's types leave out what it keeps of where it goes.
  const isLed =
    Reflect.get(modem, 'socketPath') !== socketPath ||
    Reflect.get(modem, 'host') !== undefined ||
    Reflect.get(modem, 'protocol') !== 'http';
  if (isLed) {
    throw new Error('The Docker library was led to another place than the one it was given.');
  }
  return new DockerTransport(socketPath, (options, callback) => {
    modem.dial(options, callback);
  });
}
