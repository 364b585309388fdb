import { AppError } from '../../../shared/errors/app-error.js';
import type { Target } from '../../../shared/plan/target.js';
import type { RegistryPlace } from '../../../shared/runbook/registry-place.js';
import type { Connections } from '../../connections/ports.js';

/**
 * What the tags stand for in their registry, as far as it is not on the engine. Only for an operator who has asked for it: the
 * login goes to the engine. The tag is asked once: the digest
 * it stood for is what is loaded. A registry that does not answer hides nothing that is on the engine; its tag is listed with why.
 */
export async function listRegistryTargets(
  connections: Connections,
  { engine, repository, tags }: RegistryPlace,
  here: readonly Target[],
  signal: AbortSignal,
): Promise<readonly Target[]> {
  const port = connections.docker(engine);
  const found: Target[] = [];
  for (const tag of tags) {
    const name = `${repository}:${tag}`;
    const target = {
      version: tag,
      names: [name],
      createdAt: null,
      sizeBytes: null,
      isServing: false,
    };
    try {
      const login = await connections.registryLogin(repository);
      const digest = await port.digestOf(name, login, signal);
      if (!here.some((one) => one.digest === digest)) {
        const subject = 'Only in its registry: it is loaded first';
        found.push({ ...target, id: `${repository}@${digest}`, digest, subject });
      }
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.code === 'STEP_STOPPED') {
        throw thrown;
      }
      found.push({ ...target, id: name, digest: null, problem: thrown.message });
    }
  }
  return found;
}
