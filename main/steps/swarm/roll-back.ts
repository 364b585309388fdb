import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import type { SwarmPort, SwarmService } from '../../connections/ports.js';
import { EngineName } from '../docker/names.js';
import { defineStep } from '../step-kind.js';
import type { StepContext } from '../step-kind.js';
import { shellCommand } from '../shell-quote.js';
import { serviceNamed, updateText } from './look.js';
import { ServiceName, SpecHash } from './names.js';
import { settle } from './settle.js';
import { hashOf, sightOf, SpecSight } from './specs.js';

const Params = z.strictObject({
  engine: EngineName,
  service: ServiceName,
  specification: SpecHash,
  /** How long an undo waits for the tasks. */
  timeoutSeconds: z.number().positive().max(86_400),
});
type Params = z.infer<typeof Params>;

const Before = z.strictObject({
  serviceId: z.string().min(1),
  from: SpecSight,
  to: SpecSight,
  wasPaused: z.boolean(),
});
type Before = z.infer<typeof Before>;

/** The version moves with the engine's own notes on its progress too: then it is looked at again, and nothing else. */
const mostLooks = 10;

export const rollBackService = defineStep({
  kind: 'swarm.roll-back',
  risk: 'change',
  // The engine's rollback exchanges the present and the previous specification: a second one would undo the first.
  repeatable: false,
  startsWriters: true,
  params: Params,
  before: Before,

  describe: ({ engine, service }) =>
    `Have ${engine} roll service ${service} back to the specification it keeps as the previous one`,
  commands: ({ service }) => [shellCommand('docker', 'service', 'rollback', service)],
  undoText: ({ service }) =>
    `Put back the specification that ${service} had before, as the engine keeps it, and wait for its tasks`,

  async observe({ engine, service, specification }, { connections, signal }) {
    const found = await serviceNamed(connections.swarm(engine), service, signal);
    const isDone = hashOf(found.spec) === specification;
    const where = isDone
      ? 'at the chosen specification'
      : isPrevious(found, specification)
        ? 'not yet at the chosen specification, which the engine keeps as the previous one'
        : 'at another specification, and the engine does not keep the chosen one';
    return { isDone, facts: `${service} is ${where} (${updateText(found)}).` };
  },

  async capture({ engine, service, specification }, { connections, signal }) {
    const found = await serviceNamed(connections.swarm(engine), service, signal);
    const { previousSpec } = found;
    if (previousSpec === null || !isPrevious(found, specification)) {
      throw changed(found, 'the engine does not keep the chosen specification as the previous one');
    }
    return {
      serviceId: found.id,
      from: sightOf(found.spec),
      to: sightOf(previousSpec),
      wasPaused: found.update?.state === 'paused',
    };
  },

  async act({ engine }, before, { connections, signal }) {
    const port = connections.swarm(engine);
    const { from, to } = before;
    await exchange(port, before, from.hash, to.hash, signal, async (service) => {
      if (!isPrevious(service, to.hash)) {
        throw changed(service, 'the engine would take it back to another specification');
      }
      await port.rollBack(service, signal);
    });
  },

  async verify({ engine }, { serviceId, to }, { connections, signal }) {
    const found = await serviceNamed(connections.swarm(engine), serviceId, signal);
    if (hashOf(found.spec) !== to.hash) {
      throw changed(found, 'it was accepted, but the specification is another one');
    }
    return `The engine has taken ${found.name} back to ${to.image}: ${updateText(found)}.`;
  },

  async undo(params, before, context) {
    const { service, engine, timeoutSeconds } = params;
    const hasPutBack = await putBack(params, before, context);
    const { serviceId, from, wasPaused } = before;
    const hash = from.hash;
    const mayPause = wasPaused;
    const said = await settle({ engine, serviceId, hash, timeoutSeconds, mayPause }, context);
    return hasPutBack
      ? `The specification of before (${from.image}) is put back. ${said}`
      : `${service} was at the specification of before. ${said}`;
  },
});

/** False when it was there already. */
async function putBack(
  { engine }: Params,
  before: Before,
  { connections, signal }: StepContext,
): Promise<boolean> {
  const port = connections.swarm(engine);
  const { from, to } = before;
  return exchange(port, before, to.hash, from.hash, signal, async (service) => {
    if (service.previousSpec === null || hashOf(service.previousSpec) !== from.hash) {
      throw new AppError(
        'SWARM_SPEC_LOST',
        `${service.name}: the engine keeps ${service.previousSpec === null ? 'no previous specification' : 'another one as the previous'}. Before, it was ${from.image}.`,
      );
    }
    await port.putBackPrevious(service, signal);
  });
}

/**
 * Never without looking: nothing is asked where the wanted specification is there already, and only what was captured is
 * ever exchanged. False when there was nothing to do.
 */
async function exchange(
  port: SwarmPort,
  { serviceId }: Before,
  from: string,
  to: string,
  signal: AbortSignal,
  ask: (service: SwarmService) => Promise<void>,
): Promise<boolean> {
  for (let looks = 1; ; looks += 1) {
    const found = await serviceNamed(port, serviceId, signal);
    const now = hashOf(found.spec);
    if (now === to) {
      return false;
    }
    if (now !== from) {
      throw changed(found, 'its specification is neither of the two that this step knows');
    }
    try {
      await ask(found);
      return true;
    } catch (thrown) {
      const isMoving = thrown instanceof AppError && thrown.code === 'SWARM_CHANGED';
      if (!isMoving || looks === mostLooks) {
        throw thrown;
      }
    }
  }
}

function isPrevious({ previousSpec }: SwarmService, hash: string): boolean {
  return previousSpec !== null && hashOf(previousSpec) === hash;
}

function changed(service: SwarmService, why: string): AppError {
  return new AppError('SWARM_CHANGED', `${service.name}: ${why} (${updateText(service)}).`);
}
