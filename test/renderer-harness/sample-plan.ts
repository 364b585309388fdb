import { StepId } from '../../shared/plan/planned-step.js';
import type { PlannedStep } from '../../shared/plan/planned-step.js';

const where = 'docker on app-1';

function step(
  id: string,
  title: string,
  summary: string,
  commands: string[],
  change: Partial<PlannedStep> = {},
): PlannedStep {
  return {
    id: StepId.parse(id),
    title,
    kind: `docker.${id}`,
    params: {},
    risk: 'change',
    repeatable: true,
    isReversible: true,
    isManual: false,
    approvedBy: 'operator',
    unit: id,
    stage: 'execute',
    summary,
    commands,
    undoText: null,
    where,
    estimateSeconds: 2,
    deadlineSeconds: 60,
    ...change,
  };
}

const reads = { risk: 'read', isReversible: false } as const;
const cutover = { unit: 'cutover' } as const;

/** A plan as long and wordy as a real one. */
export const plan: readonly PlannedStep[] = [
  step(
    'find',
    'Find target',
    'Find the image of v1.1.0 on docker and pin it by its id',
    ['docker images --no-trunc parcel-tracker'],
    { ...reads, estimateSeconds: 1 },
  ),
  step(
    'create',
    'Create replacement',
    'Create the replacement from the settings of the running container with the image of v1.1.0',
    ['docker create --name parcel-tracker-next --env-file … sha256:81614c85b3e8'],
    { undoText: 'remove the replacement again' },
  ),
  step(
    'log',
    'Save old log',
    'Save the log of the running container',
    ['docker logs --timestamps parcel-tracker > parcel-tracker.log'],
    { ...reads },
  ),
  step(
    'stop',
    'Stop old',
    'Stop parcel-tracker, letting it finish its work for up to 60 s',
    ['docker stop -t 60 parcel-tracker'],
    { ...cutover, undoText: 'start it again, unchanged', estimateSeconds: 8, deadlineSeconds: 90 },
  ),
  step(
    'rename',
    'Keep old',
    'Keep the old container as parcel-tracker-before-7f3a',
    [
      'docker rename parcel-tracker parcel-tracker-before-7f3a',
      'docker rename parcel-tracker-next parcel-tracker',
    ],
    { ...cutover, undoText: 'give both containers their names back', estimateSeconds: 1 },
  ),
  step('start', 'Start new', 'Start parcel-tracker with v1.1.0', ['docker start parcel-tracker'], {
    ...cutover,
    undoText: 'stop it',
  }),
  step(
    'healthy',
    'Wait healthy',
    'Wait until parcel-tracker answers that it is healthy',
    ['curl -fsS http://app-1:3000/health'],
    { ...cutover, ...reads, estimateSeconds: 4 },
  ),
  step(
    'trigger',
    'Test analysis',
    'Ask for one analysis and wait until the log says that it is complete',
    ['curl -fsS -X POST http://app-1:3000/trigger'],
    { ...reads, stage: 'verify', repeatable: false, estimateSeconds: 20 },
  ),
];
