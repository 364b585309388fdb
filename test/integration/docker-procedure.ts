import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { createConnectionPool } from '../../main/connections/connection-pool.js';
import { actingKindOf } from '../../main/steps/registry.js';
import type { StepContext } from '../../main/steps/step-kind.js';
import type { Json } from '../../shared/json.js';
import { MemoryVault } from '../fakes/memory-vault.js';
import { dockerCommand, realEngine } from './real-engine.js';

export type Step = { readonly kind: string; readonly params: Json };
export type Done = Step & { readonly before: Json; readonly summary: string };

export type Place = {
  readonly name: string;
  readonly port: number;
  readonly kept: string;
  readonly next: string;
  readonly run: string;
};

export function newPlace(port: number): Place {
  const run = randomUUID();
  const name = `lastgood-steps-${run.slice(0, 8)}`;
  return { name, port, run, kept: `${name}-before`, next: `${name}-next` };
}

const health = {
  path: '/health',
  status: 200,
  json: { status: 'healthy' },
  show: ['status', 'version'],
};
const trigger = {
  path: '/trigger',
  title: 'Run test analysis',
  body: { conditionId: 'test-market-id' },
  acceptedStatus: [202],
  completesWith: 'analysis test-market-id completed',
  timeoutSeconds: 20,
};

export type PlanOptions = { readonly graceSeconds?: number; readonly timeoutSeconds?: number };

/** The whole Docker procedure for one container, in the order of the runbook. */
export function planFor(
  { name, port, kept, next, run }: Place,
  tag: string,
  imageId: string,
  { graceSeconds = 10, timeoutSeconds = 30 }: PlanOptions = {},
): readonly Step[] {
  const container = { engine: 'docker', container: name };
  const url = `http://127.0.0.1:${port}`;
  const errorLine = '(^|\\s)ERROR(\\s|$)';
  return [
    {
      kind: 'docker.find-image',
      params: { engine: 'docker', reference: `lab-service:${tag}`, imageId },
    },
    {
      kind: 'docker.create-replacement',
      params: { ...container, imageId, replacement: next, run },
    },
    { kind: 'docker.save-log', params: { ...container, tail: 50 } },
    { kind: 'docker.stop', params: { ...container, graceSeconds } },
    { kind: 'docker.swap-names', params: { ...container, keepAs: kept, replacement: next, run } },
    { kind: 'docker.start', params: { ...container, graceSeconds } },
    { kind: 'service.wait-healthy', params: { ...container, url, health, timeoutSeconds } },
    { kind: 'docker.read-log', params: { ...container, tail: 50, errorLine } },
    { kind: 'service.trigger', params: { ...container, url, trigger } },
    { kind: 'service.check-health', params: { url, health } },
    { kind: 'docker.check-settings', params: { ...container, kept } },
    { kind: 'docker.check-log', params: { ...container, errorLine, maxErrors: 0 } },
  ];
}

export type Driver = {
  readonly emitted: string[];
  /** As the engine does: observe, capture, act, verify. Says where it failed by rejecting. */
  run(steps: readonly Step[], done: Done[]): Promise<void>;
  undo(done: readonly Done[]): Promise<readonly string[]>;
};

export function createDriver(socket = realEngine().socket): Driver {
  const { connections } = createConnectionPool({
    name: 'test',
    tier: 'practice',
    url: 'http://127.0.0.1',
    engines: [{ name: 'docker', kind: 'docker', socket }],
    variables: {},
  });
  const vault = new MemoryVault();
  const emitted: string[] = [];
  const { signal } = new AbortController();
  const context: StepContext = {
    connections,
    vault,
    signal,
    emit: (line) => emitted.push(line),
    kept: () => Promise.resolve(),
    delay: (milliseconds) => sleep(milliseconds),
    foreseen: null,
  };
  return {
    emitted,
    run: async (steps, done) => {
      for (const step of steps) {
        const kind = actingKindOf(step.kind);
        const before = await kind.capture(step.params, context);
        // On the list before it acts: a step that failed half-way is taken back as well.
        done.push({ ...step, before, summary: '' });
        await kind.act(step.params, before, context);
        const summary = await kind.verify(step.params, before, context);
        done.splice(-1, 1, { ...step, before, summary });
      }
    },
    undo: async (done) => {
      const said: string[] = [];
      for (const { kind, params, before } of done.toReversed()) {
        said.push(await actingKindOf(kind).undo(params, before, context));
      }
      return said;
    },
  };
}

const Inspected = z
  .array(
    z.looseObject({
      Id: z.string(),
      Image: z.string(),
      State: z.looseObject({ Running: z.boolean() }),
      Config: z.looseObject({}),
      HostConfig: z.looseObject({}),
      NetworkSettings: z.looseObject({ Networks: z.record(z.string(), z.looseObject({})) }),
      Mounts: z.array(
        z.looseObject({ Type: z.string(), Name: z.string().optional(), Destination: z.string() }),
      ),
    }),
  )
  .length(1);
export type Inspected = z.infer<typeof Inspected>[number];

/** What the engine's own command line says about a container. */
export async function inspected(name: string): Promise<Inspected> {
  const [found] = Inspected.parse(JSON.parse(await dockerCommand('inspect', name)));
  if (found === undefined) {
    throw new Error(`There is no ${name}.`);
  }
  return found;
}
