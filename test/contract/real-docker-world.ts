import { once } from 'node:events';
import { createServer } from 'node:net';
import type { DockerPort } from '../../main/connections/ports.js';
import { specFor } from './docker-world.js';
import type { DockerWorld } from './docker-world.js';

const signal = AbortSignal.timeout(600_000);

/** A real engine, reached by whichever way the port takes. */
export async function realDockerWorld(
  { port, unreachable }: { readonly port: DockerPort; readonly unreachable: DockerPort },
  repository: string,
): Promise<DockerWorld> {
  const made: string[] = [];
  const holder = createServer();
  const idOf = async (tag: string) => (await port.image(`${repository}:${tag}`, signal)).id;
  return {
    port,
    unreachable,
    repository,
    images: { healthy: await idOf('v1.1.0'), sick: await idOf('v1.2.0') },
    makeContainer: async (options) => {
      const image = await idOf(options.ignoresStop === true ? 'ignore-stop' : 'v1.1.0');
      const { id } = await port.create(options.name, specFor(image, options), signal);
      made.push(id);
      return { id, name: options.name };
    },
    occupy: async (taken) => {
      holder.listen(taken, '127.0.0.1');
      await once(holder, 'listening');
      return async () => {
        holder.close();
        await once(holder, 'close');
      };
    },
    cleanUp: async () => {
      holder.close();
      for (const id of made) {
        if ((await port.container(id, signal))?.running === true) {
          await port.stop(id, 0, signal);
        }
        await port.remove(id, signal);
      }
    },
  };
}
