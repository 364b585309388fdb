import type { Reading } from '../../shared/decision/evidence.js';
import { judge } from '../../shared/decision/judge.js';
import { AppError } from '../../shared/errors/app-error.js';
import type { ServiceContainer } from '../../shared/plan/per-container.js';
import { planSteps } from '../../shared/plan/planner.js';
import type { PreviewItem, Target } from '../../shared/plan/target.js';
import { Order } from '../../shared/run/commands.js';
import type { RunId } from '../../shared/run/events.js';
import type { RunState } from '../../shared/run/state.js';
import { kindOf } from '../steps/registry.js';
import { LEAST_REQUESTS, errorRatePercent } from './baseline.js';
import type { LiveRun } from './live-run.js';
import { withoutSecrets } from './without-secrets.js';
import { ofRegistry } from '../steps/docker/pinned-image.js';
import { listRegistryTargets } from '../steps/docker/registry-targets.js';
import { containersToPlan } from '../steps/docker/service-containers.js';
import { databasesBeside, previewBeside } from './databases-beside.js';
import { findTargets, previewTarget } from './target-search.js';

/** The decide stage: what looking at the target adds to what the operator says. Everything here but `order` only reads. */

export type Measured = {
  readonly errorRatePercent: Reading | null;
  /** Health requests that were answered or not, and how many it takes to speak of a rate. */
  readonly requests: { readonly seen: number; readonly needed: number };
  readonly restarts: Reading | null;
  readonly errorLines: Reading | null;
};

/** Nothing but the engine or host is asked. What a registry was found to have before stays on the list. */
export async function lookForTargets(live: LiveRun): Promise<readonly Target[]> {
  const here = await findTargets(live.senses.connections, live.place, live.senses.signal);
  const digests = here.map(({ digest }) => digest);
  const loadable = live.targets.filter(
    ({ id, digest }) => ofRegistry(id) !== null && !digests.includes(digest),
  );
  live.targets = [...here, ...loadable];
  return live.targets;
}

/**
 * Also asks the registry what these tags stand for. Written down before: the login of the user's own Docker configuration goes
 * to the engine now. REGISTRY_NOT_NAMED where there is none to ask.
 */
export async function askRegistry(
  live: LiveRun,
  tags: readonly string[],
): Promise<readonly Target[]> {
  const registry = live.place.kind === 'docker.images' ? live.place.registry : null;
  if (registry === null) {
    throw new AppError('REGISTRY_NOT_NAMED', 'No registry was asked.');
  }
  const here = (await lookForTargets(live)).filter(({ id }) => ofRegistry(id) === null);
  const text = `The engine ${registry.engine} is asked what ${registry.repository} has as ${tags.join(', ')}, with the login of this operator’s own Docker configuration if it has one.`;
  await live.engine.note((state) => {
    mustBeDeciding(state);
    return [{ type: 'note.added', by: 'console', text }];
  });
  const { connections, signal } = live.senses;
  const asked = await listRegistryTargets(connections, { ...registry, tags }, here, signal);
  live.targets = [...here, ...asked];
  return live.targets;
}

/** TARGET_UNKNOWN for what was not among the versions found: the page can only name what main holds. */
export async function previewOf(
  live: LiveRun,
  targetId: string,
  at: string,
): Promise<readonly PreviewItem[]> {
  const target = targetOf(live, targetId);
  const { connections, signal } = live.senses;
  const items = await Promise.all([
    previewTarget(connections, live.place, target, at, signal),
    previewBeside(connections, databasesBeside(live.started), at, signal),
  ]);
  return items.flat();
}

export async function chooseTarget(live: LiveRun, targetId: string, at: string): Promise<void> {
  const target = targetOf(live, targetId);
  const preview = [...(await previewOf(live, targetId, at))];
  const from = live.targets.find(({ isServing }) => isServing) ?? null;
  await live.engine.note((state) => {
    mustBeDeciding(state);
    return [{ type: 'target.chosen', target, from, preview }];
  });
}

/**
 * The decision: the plan is made and copied into the journal, and the rollback clock starts. `counted`: restarts of the
 * service that were read just now; they are read where it is left out.
 */
export async function order(
  live: LiveRun,
  runId: RunId,
  said: Order,
  counted?: number | null,
): Promise<void> {
  const { authority, reason } = withoutSecrets(Order, said, live.redact);
  const { runbook, environment, procedure } = live.started;
  const [restarts, containers] = await Promise.all([
    counted === undefined ? restartsOf(live) : counted,
    containersOf(live),
  ]);
  await live.engine.note((state) => {
    mustBeDeciding(state);
    const { target, from, evidence, operator } = state;
    if (target === null) {
      throw new AppError('RUN_COMMAND_REFUSED', 'Choose the version to go back to first.');
    }
    if (target.isServing) {
      throw new AppError('RUN_COMMAND_REFUSED', `${target.version} is what serves now.`);
    }
    const kinds = kindOf;
    const plan = { runbook, environment, procedure, target, from, runId, kinds, containers };
    const steps = planSteps(plan);
    const verdict = judge(evidence, runbook.decision).sentence;
    return [
      { type: 'baseline.recorded', baseline: live.senses.baseline(restarts) },
      { type: 'rollback.ordered', authority, operator, reason, verdict, steps: [...steps] },
    ];
  });
}

/** Live numbers for the evidence form, each with what it was measured from. Null where nothing was measured. */
export async function measure(live: LiveRun, at: string): Promise<Measured> {
  const { window, errorLines } = live.senses;
  const reading = (value: number | null, detail: string): Reading | null =>
    value === null ? null : { value, source: 'live', detail, at };
  const failed = window.filter(({ state }) => state !== 'serving').length;
  const seen = window.length;
  const words = `${String(failed)} of ${String(seen)} health requests failed`;
  return {
    errorRatePercent: reading(errorRatePercent(failed, seen), words),
    requests: { seen, needed: LEAST_REQUESTS },
    restarts: reading(await restartsOf(live), `restarts of ${live.senses.service.title}`),
    errorLines: reading(errorLines.length, 'error lines in the log since this run began'),
  };
}

/** Those that the plan is made for, by id and name. Empty where the service is one container or none. */
async function containersOf({
  place,
  senses,
  started,
}: LiveRun): Promise<readonly ServiceContainer[]> {
  if (place.kind !== 'docker.images' || place.containers === null) {
    return [];
  }
  const { engine, container, containers: label } = place;
  const servicePort = started.runbook.service.port;
  const port = senses.connections.docker(engine);
  return containersToPlan(port, { container, label, servicePort }, senses.signal);
}

function restartsOf({ senses }: LiveRun): Promise<number | null> {
  return senses.service.restarts(senses.signal);
}

function targetOf(live: LiveRun, targetId: string): Target {
  const target = live.targets.find(({ id }) => id === targetId);
  if (target === undefined) {
    const message = 'That version was not among those that were found. Look again.';
    throw new AppError('TARGET_UNKNOWN', message);
  }
  return target;
}

function mustBeDeciding({ phase }: RunState): void {
  if (phase !== 'deciding') {
    throw new AppError('RUN_COMMAND_REFUSED', 'The decision has already been made.');
  }
}
