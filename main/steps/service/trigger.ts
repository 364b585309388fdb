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
  // What the POST before it caused must not be taken for the end of this one.
  capturesAnew: true,
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

  capture: (params, context) => {
    // Opened while the log is looked at, so that the POST has no way of its own to wait for.
    context.connections.http.openAhead(params.url);
    return logOf(sourceOf(params)).mark(context);
  },

  act: (params, _before, context) => post(params, context),

  verify: async (params, before, context) =>
    `Accepted and completed: ${await completion(params, before, context)}`,

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

/** The line that says so: the first one behind the mark, which was set before the trigger. */
async function completion(params: Params, before: LogMark, context: StepContext): Promise<string> {
  const { trigger } = params;
  const pattern = new RegExp(trigger.completesWith);
  const countdown = startCountdown(context, trigger.timeoutSeconds);
  const over = new AbortController();
  const found: string[] = [];
  const onLine = ({ text }: LogLine): void => {
    if (found.length > 0) {
      return;
    }
    context.emit(text);
    if (pattern.test(text)) {
      found.push(text);
      over.abort();
    }
  };
  try {
    const signal = AbortSignal.any([countdown.signal, over.signal]);
    await logOf(sourceOf(params)).followNew(before, onLine, context, signal);
  } catch (thrown) {
    // What was seen was seen, however the following ended.
    if (found.length === 0) {
      throw thrown;
    }
  } finally {
    countdown.end();
  }
  const [line] = found;
  if (line === undefined) {
    throw unfinished(trigger, context.signal.aborted, countdown.isOver());
  }
  return line;
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
