import type { DockerPort } from '../connections/ports.js';
import { followServiceLog } from './service-log.js';
import { unknownUse } from './use.js';
import type { ServiceView } from './service-view.js';

/** The service as the container that has its name at the moment. */
export function dockerServiceView(docker: DockerPort, name: string): ServiceView {
  return {
    title: name,
    async use(signal) {
      const container = await docker.container(name, signal).catch(() => null);
      if (container === null) {
        return unknownUse;
      }
      const restarts = container.restartCount;
      if (!container.running) {
        return { ...unknownUse, restarts };
      }
      const stats = await docker.stats(container.id, signal).catch(() => null);
      return stats === null ? { ...unknownUse, restarts } : { ...stats, restarts };
    },
    restarts: (signal) =>
      docker.container(name, signal).then(
        (container) => container?.restartCount ?? null,
        () => null,
      ),
    followLog: (sink, signal) => followServiceLog({ ...sink, docker, container: name }, signal),
  };
}
