import type { ErrorJson } from '../../shared/errors/app-error.js';
import type { Json } from '../../shared/json.js';
import type { StepState } from '../../shared/run/state.js';

/** How a step that was part of detached work ended. */
export type PartOutcome =
  | { readonly status: 'done'; readonly summary: string; readonly wasAlready: boolean }
  | { readonly status: 'failed'; readonly error: ErrorJson }
  | { readonly status: 'not-begun'; readonly reason: string };

/** Fits the engine's `TogetherWork`, which this folder may not import. */
export type StepWork = {
  readonly job: string;
  readonly parts: readonly { readonly step: StepState; readonly before: Json }[];
  readonly onEnd: (end: { readonly stepId: StepState['plan']['id'] } & PartOutcome) => void;
};

/** Fits the engine's `LeftWork`. */
export type LeftStepWork = { readonly job: string; readonly steps: readonly StepState[] };

export type StepWorkSight = {
  readonly status: 'absent' | 'running' | 'ended' | 'lost';
  readonly ends: readonly ({ readonly stepId: StepState['plan']['id'] } & PartOutcome)[];
};
