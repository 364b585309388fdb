import type { Agent } from 'node:http';
import Modem from 'docker-modem';
import { engineCalls } from './container/engine-calls.js';
import type { EngineCalls } from './container/engine-calls.js';
import { DockerClient } from './docker-client.js';
import { DockerTransport } from './docker-transport.js';
import { socketWay } from './docker/socket-way.js';
import { WayAgent } from './docker/way-agent.js';
import type { EngineConnector } from './docker/way.js';
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
  return enginePorts(socketWay(socketPath)).docker;
}

/** One engine: its containers, the swarm it may manage, and programs run in its containers. */
export type Engine = {
  readonly docker: DockerPort;
  readonly swarm: SwarmPort;
  readonly calls: EngineCalls;
};

/** The same for any way: the library only writes and reads HTTP, every connection is made by the way. */
export function enginePorts(way: EngineConnector): Engine {
  const agent = new WayAgent(way);
  const transport = createTransport(way, agent);
  return {
    docker: new DockerClient(transport),
    swarm: new SwarmClient(transport),
    calls: engineCalls(way, agent),
  };
}

function createTransport(way: EngineConnector, agent: Agent): DockerTransport {
  for (const variable of variables) {
    // eslint-disable-next-line no-restricted-syntax, @typescript-eslint/no-dynamic-delete -- reads nothing: takes away what would mislead the library
    delete process.env[variable];
  }
  // Given as a socket so that the library builds no address of its own; the agent makes the connection.
  const socketPath = way.label;
  const modem = new Modem({ socketPath, agent });
  // The library's types leave out what it keeps of where it goes.
  const isLed =
    Reflect.get(modem, 'socketPath') !== socketPath ||
    Reflect.get(modem, 'host') !== undefined ||
    Reflect.get(modem, 'protocol') !== 'http' ||
    Reflect.get(modem, 'agent') !== agent;
  if (isLed) {
    throw new Error('The Docker library was led to another place than the one it was given.');
  }
  return new DockerTransport(way, (options, callback) => {
    modem.dial(options, callback);
  });
}
