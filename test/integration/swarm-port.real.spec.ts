import { enginePorts } from '../../main/connections/docker-adapter.js';
import { socketWay } from '../../main/connections/docker/socket-way.js';
import { describeSwarmPort } from '../contract/swarm-port.contract.js';
import { realEngine } from './real-engine.js';
import { makeService, realSwarm, swarmCommand, untilUpdate, updateService } from './real-swarm.js';

describeSwarmPort('a real manager', () => {
  const { socket } = realSwarm();
  const made: string[] = [];
  return Promise.resolve({
    port: enginePorts(socketWay(socket)).swarm,
    unreachable: enginePorts(socketWay(`${socket}.nobody`)).swarm,
    outside: enginePorts(socketWay(realEngine().socket)).swarm,
    images: { before: 'lab-service:v1.1.0', now: 'lab-service:v1.2.0' },
    makeService: async () => {
      const name = await makeService();
      made.push(name);
      await updateService(name, '--image', 'lab-service:v1.2.0', '--replicas', '2');
      await untilUpdate(name, 'completed');
      return name;
    },
    cleanUp: async () => {
      await swarmCommand('service', 'rm', ...made);
    },
  });
});
