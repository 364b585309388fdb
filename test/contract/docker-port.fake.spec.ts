import { FakeDocker } from '../fakes/fake-docker.js';
import { describeDockerPort, specFor } from './docker-port.contract.js';

const signal = new AbortController().signal;

describeDockerPort('the fake', () => {
  const port = new FakeDocker();
  const unreachable = new FakeDocker();
  unreachable.failWith('DOCKER_UNREACHABLE');
  const healthy = port.addImage('lab-service:v1.1.0');
  const sick = port.addImage('lab-service:v1.2.0');
  const stubborn = port.addImage('other:ignores', 'ignores-stop');
  return Promise.resolve({
    port,
    unreachable,
    repository: 'lab-service',
    images: { healthy, sick },
    makeContainer: async (options) => {
      const spec = specFor(options.ignoresStop === true ? stubborn : healthy, options);
      const { id } = await port.create(options.name, spec, signal);
      return { id, name: options.name };
    },
    occupy: (taken) => {
      port.takePort(taken);
      return Promise.resolve(() => {
        port.freePort(taken);
        return Promise.resolve();
      });
    },
    cleanUp: () => Promise.resolve(),
  });
});
