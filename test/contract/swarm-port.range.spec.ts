import { expect } from 'vitest';
import { enginePorts } from '../../main/connections/docker-adapter.js';
import { socketWay } from '../../main/connections/docker/socket-way.js';
import { openRangeSwarm, runbook, service } from './range-swarm.js';
import { describeSwarmPort } from './swarm-port.contract.js';

describeSwarmPort('the practice range', async () => {
  const world = await openRangeSwarm();
  const { swarm } = enginePorts(socketWay(world.socket));
  const [healthy] = runbook.practice.healthy;
  return {
    port: swarm,
    unreachable: enginePorts(socketWay(`${world.socket}.nobody`)).swarm,
    outside: enginePorts(socketWay(world.outside)).swarm,
    images: {
      before: `${service}:${healthy!}`,
      now: `${service}:${runbook.practice.sick}`,
    },
    // It lies there as the suite wants it: changed, and settled.
    makeService: async () => {
      const found = await swarm.service(service, AbortSignal.timeout(10_000));
      expect(found?.update?.state).toBe('completed');
      return service;
    },
    cleanUp: world.close,
  };
});
