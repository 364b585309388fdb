import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import { defineStep } from '../step-kind.js';
import type { AnyStepKind } from '../step-kind.js';

/** Something only a person can do: the plan holds its place and waits for their word. The console never acts on it. */
export const operatorConfirm: AnyStepKind = defineStep({
  kind: 'operator.confirm',
  risk: 'change',
  repeatable: false,
  isManual: true,
  // What a person does is not seen; they may have been asked to start the service.
  startsWriters: true,
  params: z.strictObject({
    text: z.string().trim().min(1),
    commands: z.array(z.string()).optional(),
  }),
  before: z.null(),
  describe: ({ text }) => text,
  commands: ({ commands }) => commands ?? [],
  undoText: () => 'by hand: the console has nothing on record to restore',
  observe: () => Promise.resolve({ isDone: null, facts: 'Only the operator can tell.' }),
  capture: () => Promise.resolve(null),
  act: () => Promise.reject(onlyByHand()),
  verify: () => Promise.reject(onlyByHand()),
});

function onlyByHand(): AppError {
  return new AppError('STEP_DONE_BY_HAND', 'This step is done by hand.');
}
