import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import { Trigger } from '../../../shared/runbook/schema.js';
import type { LogLine } from '../../connections/ports.js';
import { startCountdown } from '../countdown.js';
import { containerNamed } from '../docker/containers.js';
import { ContainerName, EngineName, Pattern } from '../docker/names.js';
import { defineStep } from '../step-kind.js';
import type { StepContext } from '../step-kind.js';
import { shellCommand } from '../shell-quote.js';
import { addressOf } from './look-at-service.js';

const Params = z.strictObject({
  engine: EngineName,
  container: ContainerName,
  url: z.url(),
  trigger: Trigger.extend({ completesWith: Pattern }),
});
type Params = z.infer<typeof Params>;

/** Where the log stood before: the newest time, and how many lines carry it, because the engine's `since` includes it. */
const Before = z.strictObject({
  id: z.string().min(1),
  since: z.string().nullable(),
  seenAtSince: z.int().nonnegative(),
});
type Before = z.infer<typeof Before>;

const mostLines = 10_000;

export const triggerService = defineStep({
  kind: 'service.trigger',
  risk: 'change',
  // A second POST would be a second piece of work.
  repeatable: false,
  params: Params,
  before: Before,

  describe: ({ url, trigger, container }) =>
    `${trigger.title}: POST to ${addressOf(url, trigger.path)} and wait for its completion in the log of ${container}`,
  commands: ({ container, url, trigger }) => [
    shellCommand(
      'curl',
      '--include',
      '--request',
      'POST',
      '--header',
      'Content-Type: application/json',
      '--data',
      JSON.stringify(trigger.body),
      addressOf(url, trigger.path),
    ),
    shellCommand('docker', 'logs', '--follow', '--tail', '10', container),
  ],
  undoText: () => null,

  observe: () =>
    Promise.resolve({ isDone: null, facts: 'Whether it ran before cannot be told from outside.' }),

  async capture({ engine, container }, { connections, signal }) {
    const port = connections.docker(engine);
    const { id } = await containerNamed(port, container, signal);
    const lines = await port.readLog(id, { tail: 100 }, signal);
    const since = lines.reduce<string | null>(
      (newest, { at }) => (newest === null || at > newest ? at : newest),
      null,
    );
    return { id, since, seenAtSince: lines.filter(({ at }) => at === since).length };
  },

  async act(params, before, context) {
    await post(params, context);
    await waitForLine(params, before, context);
  },

  async verify({ engine, trigger }, before, { connections, signal }) {
    const lines = await connections.docker(engine).readLog(before.id, sinceOptions(before), signal);
    const isNew = onlyNew(before);
    const found = lines
      .filter(isNew)
      .find(({ text }) => new RegExp(trigger.completesWith).test(text));
    if (found === undefined) {
      throw new AppError(
        'SERVICE_TRIGGER_UNFINISHED',
        `The log holds no new line matching /${trigger.completesWith}/.`,
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

async function waitForLine(params: Params, before: Before, context: StepContext): Promise<void> {
  const { engine, trigger } = params;
  const pattern = new RegExp(trigger.completesWith);
  const isNew = onlyNew(before);
  const countdown = startCountdown(context, trigger.timeoutSeconds);
  const found = new AbortController();
  const onLine = (line: LogLine): void => {
    if (found.signal.aborted || !isNew(line)) {
      return;
    }
    context.emit(line.text);
    if (pattern.test(line.text)) {
      found.abort();
    }
  };
  try {
    const signal = AbortSignal.any([countdown.signal, found.signal]);
    await context.connections
      .docker(engine)
      .followLog(before.id, { ...sinceOptions(before), onLine }, signal);
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
    return new AppError(
      'SERVICE_EXITED',
      'Accepted, but the container stopped before it was done.',
    );
  }
  return new AppError(
    'SERVICE_TRIGGER_UNFINISHED',
    `Accepted, but no line matching /${trigger.completesWith}/ came within ${trigger.timeoutSeconds} s.`,
  );
}

function sinceOptions({ since }: Before): { readonly tail: number; readonly since?: string } {
  return since === null ? { tail: mostLines } : { tail: mostLines, since };
}

/** Passes over the lines that were there before the POST, by count where they share the newest time. */
function onlyNew({ since, seenAtSince }: Before): (line: LogLine) => boolean {
  let left = seenAtSince;
  return ({ at }) => {
    if (since === null || at > since) {
      return true;
    }
    if (at === since && left > 0) {
      left -= 1;
      return false;
    }
    return at === since;
  };
}
