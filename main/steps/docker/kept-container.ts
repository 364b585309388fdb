import { z } from 'zod';
import type { ContainerDetails, DockerPort } from '../../connections/ports.js';
import type { StepContext, StepVault } from '../step-kind.js';
import { findNamed } from './containers.js';
import { replacementSpec } from './replacement-spec.js';

const goneLooks = 150;
const goneLookAgainMs = 200;

const Loose = z.record(z.string(), z.json());

const KeptContainer = z.strictObject({
  id: z.string(),
  name: z.string(),
  imageId: z.string(),
  imageReference: z.string(),
  running: z.boolean(),
  status: z.string(),
  startedAt: z.string().nullable(),
  exitCode: z.number(),
  restartCount: z.number(),
  health: z.enum(['none', 'starting', 'healthy', 'unhealthy']),
  restartPolicy: z.strictObject({ name: z.string(), maximumRetryCount: z.number() }),
  labels: z.record(z.string(), z.string()),
  tty: z.boolean(),
  autoRemove: z.boolean(),
  config: Loose,
  hostConfig: Loose,
  networks: z.record(z.string(), Loose),
  mounts: z.array(Loose),
});

/**
 * A container that removes itself when it stops cannot be kept. What it takes to make it again is put away instead, with
 * the values that are secrets, where nobody can read it.
 */
export async function putAway(vault: StepVault, container: ContainerDetails): Promise<void> {
  await vault.put(entryOf(container.name), KeptContainer.parse(container));
}

/** As it was when it was put away. VAULT_EMPTY or VAULT_UNREADABLE. */
export async function lookUp(vault: StepVault, name: string): Promise<ContainerDetails> {
  return KeptContainer.parse(await vault.get(entryOf(name)));
}

/** Makes it again under its name, unless it is there already; does not start it. */
export async function makeAgain(
  port: DockerPort,
  old: ContainerDetails,
  signal: AbortSignal,
): Promise<string> {
  const found = await findNamed(port, old.name, signal);
  if (found?.imageId === old.imageId) {
    return found.id;
  }
  const image = await port.image(old.imageId, signal);
  const spec = replacementSpec(old, image, old.imageReference, {});
  const isSame = (await imageIdOf(port, old.imageReference, signal)) === old.imageId;
  const { id } = await port.create(
    old.name,
    isSame ? spec : { ...spec, Image: old.imageId },
    signal,
  );
  return id;
}

/** What the container was made from may name another image by now. */
async function imageIdOf(
  port: DockerPort,
  reference: string,
  signal: AbortSignal,
): Promise<string | null> {
  return port.image(reference, signal).then(
    ({ id }) => id,
    () => null,
  );
}

/** The engine says that it has stopped a little before it has taken it away; until then its name is in use. */
export async function untilGone(port: DockerPort, id: string, context: StepContext): Promise<void> {
  for (let look = 0; look < goneLooks; look += 1) {
    if ((await port.container(id, context.signal)) === null) {
      return;
    }
    await context.delay(goneLookAgainMs);
  }
}

function entryOf(name: string): string {
  return `container-${name}`;
}
