import { z } from 'zod';
import type { PreviewItem, Target } from '../../shared/plan/target.js';
import { substitute } from '../../shared/runbook/variables.js';
import type { StartedRun } from '../../shared/run/state.js';
import type { DockerPort } from '../connections/ports.js';
import { listDockerTargets, previewDockerTarget } from '../steps/targets.js';

/** Where the candidates of a run are looked for, with every variable filled in. */
export type SearchPlace = {
  readonly engine: string;
  readonly repository: string;
  readonly container: string;
};

export function placeOf({ procedure, environment, runbook }: StartedRun): SearchPlace {
  const { engine, repository, container } = procedure.targets;
  const scope = { container: runbook.service.name, ...environment.variables };
  const filled = (value: string): string => z.string().parse(substitute(value, scope));
  return { engine, repository: filled(repository), container: filled(container) };
}

export function findTargets(
  docker: DockerPort,
  place: SearchPlace,
  signal: AbortSignal,
): Promise<readonly Target[]> {
  return listDockerTargets(docker, place, signal);
}

/** "Can I still go back?": reads only, and says when it looked. */
export async function previewTarget(
  docker: DockerPort,
  place: SearchPlace,
  target: Target,
  at: string,
  signal: AbortSignal,
): Promise<readonly PreviewItem[]> {
  const items = await previewDockerTarget(docker, place, target, signal);
  return items.map((item) => ({ ...item, checkedAt: at }));
}
