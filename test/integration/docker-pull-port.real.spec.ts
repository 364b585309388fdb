import { createDockerAdapter } from '../../main/connections/docker-adapter.js';
import { describePull } from '../contract/docker-pull.contract.js';
import { dockerCommand, realEngine } from './real-engine.js';
import { SmallRegistry } from './small-registry.js';

describePull('a real engine', async () => {
  const registry = new SmallRegistry();
  await registry.open();
  const { repository, address: serveraddress } = registry;
  registry.offer('v1.0.0', repository);
  return {
    port: createDockerAdapter(realEngine().socket),
    ...{ repository, tag: 'v1.0.0', login: { ...registry.login, serveraddress } },
    cleanUp: async () => {
      const format = '{{.ID}}';
      const ids = await dockerCommand('images', '--quiet', '--format', format, repository);
      for (const id of new Set(ids.split('\n').filter(Boolean))) {
        await dockerCommand('image', 'rm', '--force', id);
      }
      await registry.close();
    },
  };
});
