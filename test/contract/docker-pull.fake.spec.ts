import { FakeDocker } from '../fakes/fake-docker.js';
import { describePull } from './docker-pull.contract.js';

describePull('the fake', () => {
  const port = new FakeDocker();
  const repository = 'registry.example/lab/web';
  port.registry.offer(`${repository}:v1.0.0`);
  return Promise.resolve({
    ...{ port, repository, tag: 'v1.0.0', login: null },
    cleanUp: () => Promise.resolve(),
  });
});
