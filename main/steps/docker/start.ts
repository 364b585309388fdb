import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import { defineStep } from '../step-kind.js';
import { shellCommand } from '../shell-quote.js';
import {
  applyRestartPolicy,
  containerById,
  containerNamed,
  findNamed,
  isUp,
  stateText,
  stopForGood,
} from './containers.js';
import { untilGone } from './kept-container.js';
import { ContainerName, EngineName, GraceSeconds, RestartPolicyJson, shortId } from './names.js';

export const startContainer = defineStep({
  kind: 'docker.start',
  risk: 'change',
  repeatable: true,
  startsWriters: true,
  // The engine opens the published port before the container's network is up. Who calls in between makes the kernel
  // ask for an address that nobody has yet, and it asks again only after a second.
  wantsQuiet: true,
  params: z.strictObject({
    engine: EngineName,
    container: ContainerName,
    graceSeconds: GraceSeconds,
  }),
  before: z.strictObject({
    id: z.string().min(1),
    wasRunning: z.boolean(),
    restartPolicy: RestartPolicyJson,
  }),

  describe: ({ engine, container }) => `Start container ${container} on ${engine}`,
  commands: ({ container }) => [shellCommand('docker', 'start', container)],
  undoText: ({ container, graceSeconds }) =>
    `Stop ${container} again, letting it finish for up to ${graceSeconds} s, unless it was running before`,

  async observe({ engine, container }, { connections, signal }) {
    const found = await findNamed(connections.docker(engine), container, signal);
    return found === null
      ? { isDone: false, facts: `There is no container named ${container}.` }
      : { isDone: isUp(found), facts: stateText(found) };
  },

  async capture({ engine, container }, { connections, signal }) {
    const { id, running, restartPolicy } = await containerNamed(
      connections.docker(engine),
      container,
      signal,
    );
    return { id, wasRunning: running, restartPolicy };
  },

  async act({ engine }, { id }, { connections, signal }) {
    await connections.docker(engine).start(id, signal);
  },

  async verify({ engine, container }, { id }, { connections, signal, emit }) {
    const port = connections.docker(engine);
    const found = await containerById(port, id, signal);
    if (isUp(found)) {
      return `${container} (${shortId(id)}) is running.`;
    }
    for (const line of await port.readLog(id, { tail: 20 }, signal)) {
      emit(line.text);
    }
    throw new AppError('DOCKER_NOT_RUNNING', `Started, but ${stateText(found)}`);
  },

  async undo({ engine, container, graceSeconds }, { id, wasRunning, restartPolicy }, context) {
    const { connections, signal } = context;
    if (wasRunning) {
      return `${container} was running before and keeps running.`;
    }
    const port = connections.docker(engine);
    const found = await port.container(id, signal);
    if (found === null) {
      return `Container ${shortId(id)} is gone, so nothing runs.`;
    }
    if (found.running) {
      // Off while it stops: a policy of "always" would race with us if the engine itself restarted now.
      await stopForGood(port, found, graceSeconds, signal);
    }
    if (found.autoRemove) {
      await untilGone(port, id, context);
      return `${container} (${shortId(id)}) is stopped again and removed itself, as it was made to.`;
    }
    const stopped = await containerById(port, id, signal);
    if (stopped.running) {
      throw new AppError(
        'DOCKER_STILL_RUNNING',
        `${container} (${shortId(id)}) is still ${stopped.status}.`,
      );
    }
    await applyRestartPolicy(port, stopped, restartPolicy, signal);
    return `${container} (${shortId(id)}) is stopped again.`;
  },
});
