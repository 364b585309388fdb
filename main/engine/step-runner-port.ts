import type { ErrorJson } from '../../shared/errors/app-error.js';
import type { Json } from '../../shared/json.js';
import type { StepState } from '../../shared/run/state.js';

/** What the engine asks of the world, one planned step at a time. */
export interface StepRunner {
  /** Reads only: whether the state the step wants is already there; null where looking cannot tell. */
  observe(
    step: StepState,
    signal: AbortSignal,
  ): Promise<{ readonly isDone: boolean | null; readonly facts: string }>;
  /** Reads only: what undo will need. */
  capture(step: StepState, signal: AbortSignal): Promise<Json>;
  /** Whether that only says from where on to look and pictures nothing to restore, so that each attempt takes its own. */
  capturesAnew(step: StepState): boolean;
  /** Makes the change and proves it; one line about what holds now. */
  act(step: StepState, before: Json, signal: AbortSignal): Promise<string>;
  undo(step: StepState): Promise<string>;
  /**
   * How many of these, from the first on, only look and can do so at the same time, because none needs what another finds.
   * 0: the first changes something.
   */
  countLooks(steps: readonly StepState[]): number;
  /** How many of these, from the first on, are one detached piece of work on a host. 0: the first is not of that kind. */
  countTogether(steps: readonly StepState[]): number;
  /**
   * Does them one after the other with nobody in between; each looks for itself whether it is already so. `onEnd` is
   * called once for each, in order. What it was not called for when this rejects is not known, unless the error says
   * that nothing was begun.
   */
  actTogether(work: TogetherWork, signal: AbortSignal): Promise<void>;
  /** What the other side itself says of work whose end was not seen here. What had not begun by then never can. */
  lookAtWork(work: LeftWork, signal: AbortSignal): Promise<WorkSight>;
  /** Follows such work to its end, as `actTogether` does; the signal ends the work itself. */
  followWork(work: LeftWork & Pick<TogetherWork, 'onEnd'>, signal: AbortSignal): Promise<void>;
}

export type LeftWork = { readonly job: string; readonly steps: readonly StepState[] };

export type WorkSight = {
  /** absent: there is no trace of it. lost: it was begun, is not running, and left no end. */
  readonly status: 'absent' | 'running' | 'ended' | 'lost';
  /** Of the steps whose end is known there. */
  readonly ends: readonly StepEnd[];
};

export type TogetherWork = {
  /** Names the work on the host for ever: it is never begun twice. */
  readonly job: string;
  readonly parts: readonly { readonly step: StepState; readonly before: Json }[];
  readonly onEnd: (end: StepEnd) => void;
};

export type StepEnd = { readonly stepId: StepState['plan']['id'] } & (
  | { readonly status: 'done'; readonly summary: string; readonly wasAlready: boolean }
  | { readonly status: 'failed'; readonly error: ErrorJson }
  | { readonly status: 'not-begun'; readonly reason: string }
);
