import { createDockerAdapter } from '../../main/connections/docker-adapter.js';
import { describeDockerPort } from '../contract/docker-port.contract.js';
import { realDockerWorld } from '../contract/real-docker-world.js';
import { realEngine } from './real-engine.js';

describeDockerPort('a real engine by its socket', () => {
  const { socket, repository } = realEngine();
  return realDockerWorld(
    { port: createDockerAdapter(socket), unreachable: createDockerAdapter(`${socket}.nobody`) },
    repository,
  );
});
