import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import { Trigger } from '../../../shared/runbook/schema.js';
import type { LogLine } from '../../connections/ports.js';
import { startCountdown } from '../countdown.js';
import { Pattern } from '../docker/names.js';
import {
  hasOneSource,
  logOf,
  LogMark,
  oneSourceMessage,
  SourceParams,
  sourceOf,
} from '../log-source.js';
import { defineStep } from '../step-kind.js';
import type { StepContext } from '../step-kind.js';
import { shellCommand } from '../shell-quote.js';
import { addressOf } from './look-at-service.js';

const Params = z
  .strictObject({
    ...SourceParams,
    url: z.url(),
    trigger: Trigger.extend({ completesWith: Pattern }),
  })
  .refine(hasOneSource, oneSourceMessage);
type Params = z.infer<typeof Params>;

export const triggerService = defineStep({
  kind: 'service.trigger',
  risk: 'change',
  // A second POST would be a second piece of work.
  repeatable: false,
  params: Params,
  before: LogMark,

  describe: (params) =>
    `${params.trigger.title}: POST to ${addressOf(params.url, params.trigger.path)} and wait for its completion in the log of ${logOf(sourceOf(params)).title}`,
  commands: (params) => [
    shellCommand(
      'curl',
      '--include',
      '--request',
      'POST',
      '--header',
      'Content-Type: application/json',
      '--data',
      JSON.stringify(params.trigger.body),
      addressOf(params.url, params.trigger.path),
    ),
    logOf(sourceOf(params)).followCommand,
  ],
  undoText: () => null,

  observe: () =>
    Promise.resolve({ isDone: null, facts: 'Whether it ran before cannot be told from outside.' }),

  capture: (params, context) => logOf(sourceOf(params)).mark(context),

  async act(params, before, context) {
    const refused = new AbortController();
    // From the mark on, so listening before the answer has come loses nothing and saves a way over a far line.
    const completed = waitForLine(params, before, context, refused.signal);
    completed.catch(() => undefined);
    await post(params, context).catch((thrown: unknown) => {
      refused.abort();
      throw thrown;
    });
    await completed;
  },

  async verify(params, before, context) {
    const pattern = new RegExp(params.trigger.completesWith);
    const lines = await logOf(sourceOf(params)).readNew(before, context);
    const found = lines.find(({ text }) => pattern.test(text));
    if (found === undefined) {
      throw new AppError(
        'SERVICE_TRIGGER_UNFINISHED',
        `The log holds no new line matching /${params.trigger.completesWith}/.`,
      );
    }
    return `Accepted and completed: ${found.text}`;
  },

  undo: () =>
    Promise.resolve('Nothing to take back: the trigger was harmless work and stays done.'),
});

async function post(
  { url, trigger }: Params,
  { connections, signal, emit }: StepContext,
): Promise<void> {
  const address = addressOf(url, trigger.path);
  const { status, body } = await connections.http.request(
    {
      method: 'POST',
      url: address,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(trigger.body),
      timeoutMs: trigger.timeoutSeconds * 1_000,
    },
    signal,
  );
  emit(`${status} ${body.slice(0, 500).trim()}`.trim());
  if (!trigger.acceptedStatus.includes(status)) {
    throw new AppError(
      'SERVICE_TRIGGER_REFUSED',
      `POST ${address} answered ${status}; ${trigger.acceptedStatus.join(' or ')} was expected.`,
    );
  }
}

async function waitForLine(
  params: Params,
  before: LogMark,
  context: StepContext,
  refused: AbortSignal,
): Promise<void> {
  const { trigger } = params;
  const pattern = new RegExp(trigger.completesWith);
  const countdown = startCountdown(context, trigger.timeoutSeconds);
  const found = new AbortController();
  const onLine = (line: LogLine): void => {
    if (found.signal.aborted) {
      return;
    }
    context.emit(line.text);
    if (pattern.test(line.text)) {
      found.abort();
    }
  };
  try {
    const signal = AbortSignal.any([countdown.signal, found.signal, refused]);
    await logOf(sourceOf(params)).followNew(before, onLine, context, signal);
    if (!found.signal.aborted) {
      throw unfinished(trigger, context.signal.aborted, countdown.isOver());
    }
  } finally {
    countdown.end();
  }
}

function unfinished(trigger: Trigger, isStopped: boolean, isLate: boolean): AppError {
  if (isStopped) {
    return new AppError('STEP_STOPPED', 'Stopped while waiting; the trigger had been accepted.');
  }
  if (!isLate) {
    return new AppError('SERVICE_EXITED', 'Accepted, but the service stopped before it was done.');
  }
  return new AppError(
    'SERVICE_TRIGGER_UNFINISHED',
    `Accepted, but no line matching /${trigger.completesWith}/ came within ${trigger.timeoutSeconds} s.`,
  );
}
