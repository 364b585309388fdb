import { setTimeout as sleep } from 'node:timers/promises';
import { createConnectionPool } from '../../main/connections/connection-pool.js';
import { findTargets, previewTarget } from '../../main/runs/target-search.js';
import { actingKindOf } from '../../main/steps/registry.js';
import type { StepContext } from '../../main/steps/step-kind.js';
import type { Json } from '../../shared/json.js';
import { realSwarm } from './real-swarm.js';
import { MemoryVault } from '../fakes/memory-vault.js';

/** Drives the steps on one service as the engine does: capture, then act, then verify; undo from what was captured. */
export function driveSwarm(service: string, socket = realSwarm().socket) {
  const { connections } = createConnectionPool({
    name: 'test',
    tier: 'practice',
    url: 'http://127.0.0.1',
    engines: [{ name: 'swarm', kind: 'docker', socket }],
    variables: {},
  });
  const emitted: string[] = [];
  const { signal } = new AbortController();
  const context: StepContext = {
    connections,
    vault: new MemoryVault(),
    signal,
    emit: (line) => emitted.push(line),
    kept: () => Promise.resolve(),
    delay: (milliseconds) => sleep(milliseconds),
    foreseen: null,
  };
  const place = { kind: 'swarm.previous', engine: 'swarm', service } as const;
  const paramsOf = (specification: string, timeoutSeconds = 60): Json => ({
    ...{ engine: 'swarm', service, specification, timeoutSeconds },
  });
  const rollBack = actingKindOf('swarm.roll-back');
  return {
    emitted,
    connections,
    context,
    paramsOf,
    targets: () => findTargets(connections, place, signal),
    async previous() {
      const found = await findTargets(connections, place, signal);
      return found.find(({ isServing }) => !isServing)!;
    },
    preview: async (target: Parameters<typeof previewTarget>[2]) =>
      previewTarget(connections, place, target, '2026-01-01T00:00:00Z', signal),
    observe: (params: Json) => rollBack.observe(params, context, null),
    capture: (params: Json) => rollBack.capture(params, context),
    act: async (params: Json, before: Json) => {
      await rollBack.act(params, before, context);
      return rollBack.verify(params, before, context);
    },
    undo: (params: Json, before: Json) => rollBack.undo(params, before, context),
    /** A step that only looks. */
    read: (kind: string, params: Json) => actingKindOf(kind).verify(params, {}, context),
    wait: (specification: string, timeoutSeconds = 60) =>
      actingKindOf('swarm.wait-updated').verify(
        paramsOf(specification, timeoutSeconds),
        {},
        context,
      ),
  };
}
