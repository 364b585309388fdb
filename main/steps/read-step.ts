import { z } from 'zod';
import { defineStep } from './step-kind.js';
import type { AnyStepKind, StepContext } from './step-kind.js';

const Nothing = z.strictObject({});

/**
 * A step that only looks: it is never "already so", captures nothing and has nothing to take back. Those that follow each
 * other in a unit look at the same time, but for one that waits until something comes true: what is looked at after it was
 * meant to be seen then.
 */
export type ReadStep<P> = {
  readonly kind: string;
  readonly waits?: boolean;
  readonly params: z.ZodType<P>;
  readonly describe: (params: P) => string;
  readonly commands: (params: P) => readonly string[];
  /** Says what was seen in one line; throws when it is not as it should be. */
  readonly look: (params: P, context: StepContext) => Promise<string>;
};

export function defineReadStep<P>(spec: ReadStep<P>): AnyStepKind {
  return defineStep<P, z.infer<typeof Nothing>>({
    kind: spec.kind,
    risk: 'read',
    repeatable: true,
    isGlance: spec.waits !== true,
    params: spec.params,
    before: Nothing,
    describe: spec.describe,
    commands: spec.commands,
    undoText: () => null,
    observe: () =>
      Promise.resolve({ isDone: false, facts: 'It only reads, so it is done anew each time.' }),
    capture: () => Promise.resolve({}),
    act: () => Promise.resolve(),
    verify: (params, _before, context) => spec.look(params, context),
    undo: () => Promise.resolve('Nothing to take back: it only read.'),
  });
}
