import { AppError } from '../../../shared/errors/app-error.js';
import type { Target } from '../../../shared/plan/target.js';
import type { LooseObject, SwarmPort, SwarmService } from '../../connections/ports.js';
import type { UncheckedPreviewItem } from '../targets.js';
import { failuresText, hasFailed, serviceNamed, sightOfTasks, updateText } from './look.js';
import { differencesOf, hashOf, sightOf, sightText, versionOfImage } from './specs.js';

/** What serves, and what the engine keeps from before. SWARM_NO_PREVIOUS where there is nothing to go back to. */
export async function listSwarmTargets(
  port: SwarmPort,
  name: string,
  signal: AbortSignal,
): Promise<readonly Target[]> {
  await port.node(signal);
  const service = await serviceNamed(port, name, signal);
  const { previousSpec } = service;
  if (previousSpec === null || hashOf(previousSpec) === hashOf(service.spec)) {
    throw new AppError('SWARM_NO_PREVIOUS', noPreviousText(service));
  }
  const serving = toTarget(service.spec, true);
  const previous = toTarget(previousSpec, false);
  const isSameVersion = serving.version === previous.version;
  const problem = rolledAwayText(service);
  return [
    { ...serving, createdAt: toDate(service.updatedAt) },
    {
      ...previous,
      version: isSameVersion ? `${previous.version} as before` : previous.version,
      isPrevious: true,
      ...(problem === null ? {} : { problem }),
    },
  ];
}

function toTarget(spec: LooseObject, isServing: boolean): Target {
  const sight = sightOf(spec);
  return {
    id: sight.hash,
    version: versionOfImage(sight.image),
    names: [sight.image],
    createdAt: null,
    sizeBytes: null,
    digest: sight.image.split('@')[1] ?? null,
    isServing,
    subject: sightText(sight),
  };
}

function noPreviousText(service: SwarmService): string {
  if (service.previousSpec !== null) {
    return `${service.name}: the specification the engine keeps is the same as the present one.`;
  }
  return service.update?.state.startsWith('rollback') === true
    ? `${service.name}: the engine has rolled it back by itself and keeps nothing from before that (${updateText(service)}).`
    : `${service.name} was never changed since it was made (${updateText(service)}).`;
}

/** A rollback exchanges the two: what the engine keeps then is what somebody has already turned away from. */
function rolledAwayText(service: SwarmService): string | null {
  const state = service.update?.state;
  return state?.startsWith('rollback') === true
    ? `the service was rolled back from it already (${updateText(service)}); a second rollback would bring it back`
    : null;
}

function toDate(text: string | null): string | null {
  const at = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

/** "Can I still go back?": reads only; a broken line to the engine is an answer too. */
export async function previewSwarmTarget(
  port: SwarmPort,
  name: string,
  target: Target,
  signal: AbortSignal,
): Promise<readonly UncheckedPreviewItem[]> {
  try {
    const { nodeId } = await port.node(signal);
    const manager = `Manages a swarm (node ${nodeId.slice(0, 12)})`;
    const engine = { id: 'engine', title: 'Engine', state: 'green', text: manager } as const;
    const service = await serviceNamed(port, name, signal);
    const tasks = await previewTasks(port, service, signal);
    return [engine, previewSpec(service, target), previewChange(service), tasks];
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code !== 'STEP_STOPPED') {
      return [{ id: 'engine', title: 'Engine', state: 'red', text: thrown.message }];
    }
    throw thrown;
  }
}

function previewSpec(service: SwarmService, target: Target): UncheckedPreviewItem {
  const item = { id: 'target', title: 'Specification' } as const;
  const { spec, previousSpec } = service;
  if (target.problem !== undefined) {
    return { ...item, state: 'red', text: target.problem };
  }
  if (previousSpec === null || hashOf(previousSpec) !== target.id) {
    const text =
      hashOf(spec) === target.id
        ? 'It is the present one already'
        : 'The engine no longer keeps it: somebody has changed the service';
    return { ...item, state: hashOf(spec) === target.id ? 'amber' : 'red', text };
  }
  const differences = differencesOf(spec, previousSpec);
  const text =
    differences.length === 0 ? 'no difference that can be named' : differences.join(', ');
  return { ...item, state: 'green', text: `The engine keeps it. What changes: ${text}` };
}

function previewChange(service: SwarmService): UncheckedPreviewItem {
  const item = { id: 'change', title: 'Last change' } as const;
  const state = service.update?.state ?? null;
  const said = updateText(service);
  const text = `${said[0]?.toUpperCase() ?? ''}${said.slice(1)}`;
  switch (state) {
    case 'updating':
      return { ...item, state: 'amber', text: `${text}. The rollback ends it where it is` };
    case 'rollback_started':
      return { ...item, state: 'red', text: `${text}. A second rollback would turn it round` };
    case 'paused':
      return { ...item, state: 'amber', text: `${text}. Tasks of both versions may be running` };
    case 'rollback_paused':
    case 'rollback_completed':
    case 'unknown':
      return { ...item, state: 'amber', text };
    case 'completed':
    case null:
      return { ...item, state: 'green', text };
  }
}

async function previewTasks(
  port: SwarmPort,
  service: SwarmService,
  signal: AbortSignal,
): Promise<UncheckedPreviewItem> {
  const tasks = await port.tasks(service.id, signal);
  const { running, wanted } = sightOfTasks(service, tasks);
  const failed = tasks.filter(hasFailed).length;
  const failures = failed === 0 ? '' : `; ${failed} failed. ${failuresText(service, tasks)}`;
  return {
    id: 'tasks',
    title: 'Tasks',
    state: running >= wanted && failed === 0 ? 'green' : 'amber',
    text: `${running} of ${wanted} run${failures}`,
  };
}
