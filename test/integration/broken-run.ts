import { setTimeout as sleep } from 'node:timers/promises';
import { vi } from 'vitest';
import { createConnectionPool } from '../../main/connections/connection-pool.js';
import type { ConnectionPool } from '../../main/connections/connection-pool.js';
import { kindOf } from '../../main/steps/registry.js';
import { createStepRunner } from '../../main/steps/step-runner.js';
import { StepId } from '../../shared/plan/planned-step.js';
import { stepById } from '../../shared/run/select.js';
import { EngineWorld } from '../fakes/engine-world.js';
import { MemoryVault } from '../fakes/memory-vault.js';
import { planned, readyToExecute } from '../fakes/sample-run.js';
import type { Cut, CutEngine, Outage } from './cut-engine.js';
import { planFor } from './docker-procedure.js';
import type { Place, Step } from './docker-procedure.js';

const idOf = (kind: string): StepId => StepId.parse(kind.replace('.', '-'));

/** The whole procedure through the real run engine, by somebody who looks at what is unknown and settles what was seen. */
export class BrokenRun {
  readonly steps: readonly Step[];
  readonly world: EngineWorld;
  readonly #cuts: CutEngine;
  readonly #pool: ConnectionPool;
  unknowns = 0;

  constructor(cuts: CutEngine, place: Place, target: string) {
    this.#cuts = cuts;
    this.steps = planFor(place, 'v1.1.0', target);
    this.#pool = createConnectionPool({
      name: 'test',
      tier: 'practice',
      url: 'http://127.0.0.1',
      engines: [{ name: 'docker', kind: 'docker', socket: cuts.socket }],
      variables: {},
    });
    const plan = this.steps.map(({ kind, params }) => {
      const { risk, repeatable } = kindOf(kind);
      return planned(idOf(kind), { kind, params, risk, repeatable });
    });
    this.world = new EngineWorld(
      readyToExecute(plan),
      createStepRunner({
        runId: place.run,
        kindOf,
        connections: this.#pool.connections,
        vault: new MemoryVault(),
        emit: () => undefined,
        kept: () => Promise.resolve(),
        delay: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
      }),
    );
  }

  async through(kind: string, atStep: { kind: string; cut: Cut | Outage } | null): Promise<void> {
    const id = idOf(kind);
    if (atStep?.kind === kind) {
      this.#cuts.arm(atStep.cut);
    }
    const { engine: runs } = this.world;
    await runs.dispatch({ type: 'approve', unit: id, typed: null, authority: null });
    for (let turn = 0; turn < 8; turn += 1) {
      await runs.idle();
      const step = stepById(runs.state, id);
      switch (step?.status) {
        case 'succeeded':
        case 'done-by-hand':
          return;
        case 'pending':
          await runs.dispatch({ type: 'approve', unit: id, typed: null, authority: null });
          break;
        case 'unknown':
          this.unknowns += 1;
          await this.#settle(id);
          break;
        case 'failed':
          await vi.waitFor(() => this.#answers(), { timeout: 30_000, interval: 200 });
          await runs.dispatch({ type: 'retry', stepId: id });
          break;
        default:
          throw new Error(`${kind} is ${String(step?.status)}: ${JSON.stringify(step?.error)}`);
      }
    }
    throw new Error(`${kind} does not come to an end.`);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  /** Somebody who sees the engine's light before pressing Retry. */
  async #answers(): Promise<void> {
    await this.#pool.connections.docker('docker').info(new AbortController().signal);
  }

  async #settle(id: StepId): Promise<void> {
    const { engine: runs } = this.world;
    const looked = await vi.waitFor(
      async () => {
        await runs.look(id);
        const found = stepById(runs.state, id)?.looked?.isDone ?? null;
        return found ?? Promise.reject(new Error('looking could not tell'));
      },
      { timeout: 20_000 },
    );
    await runs.dispatch({
      type: 'settle',
      stepId: id,
      as: looked ? 'done' : 'not-done',
      evidence: 'seen by looking',
    });
  }
}
