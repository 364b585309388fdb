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
  neverRestart,
  stateText,
  stopForGood,
} from './containers.js';
import { ContainerName, EngineName, GraceSeconds, RestartPolicyJson, shortId } from './names.js';

/** 128 + SIGKILL: the engine ended it because the grace was over. */
const killedExitCode = 137;

export const stopContainer = defineStep({
  kind: 'docker.stop',
  risk: 'change',
  repeatable: true,
  params: z.strictObject({
    engine: EngineName,
    container: ContainerName,
    graceSeconds: GraceSeconds,
  }),
  before: z.strictObject({
    id: z.string().min(1),
    wasRunning: z.boolean(),
    restartPolicy: RestartPolicyJson,
    imageId: z.string(),
  }),

  describe: ({ engine, container, graceSeconds }) =>
    `Stop container ${container} on ${engine}, letting it finish for up to ${graceSeconds} s`,
  commands: ({ container, graceSeconds }) => [
    shellCommand('docker', 'update', '--restart', 'no', container),
    shellCommand('docker', 'stop', '-t', String(Math.ceil(graceSeconds)), container),
  ],
  undoText: ({ container }) =>
    `Give ${container} its restart policy back and start it again if it was running`,

  async observe({ engine, container }, { connections, signal }) {
    const found = await findNamed(connections.docker(engine), container, signal);
    if (found === null) {
      return { isDone: false, facts: `There is no container named ${container}.` };
    }
    // With its restart policy still on, the engine would bring it back after a restart of its own.
    const isHeld = found.restartPolicy.name === neverRestart.name;
    const policy =
      found.running || isHeld ? '' : ` Its restart policy is still ${found.restartPolicy.name}.`;
    return { isDone: !found.running && isHeld, facts: stateText(found) + policy };
  },

  async capture({ engine, container }, { connections, signal }) {
    const found = await containerNamed(connections.docker(engine), container, signal);
    return {
      id: found.id,
      wasRunning: found.running,
      restartPolicy: found.restartPolicy,
      imageId: found.imageId,
    };
  },

  async act({ engine, graceSeconds }, { id }, { connections, signal }) {
    const port = connections.docker(engine);
    const found = await containerById(port, id, signal);
    await stopForGood(port, found, graceSeconds, signal);
  },

  async verify({ engine, container, graceSeconds }, { id, wasRunning }, { connections, signal }) {
    const found = await containerById(connections.docker(engine), id, signal);
    if (found.running) {
      throw new AppError(
        'DOCKER_STILL_RUNNING',
        `${container} (${shortId(id)}) is still ${found.status}.`,
      );
    }
    if (!wasRunning) {
      return `${container} was not running.`;
    }
    return found.exitCode === killedExitCode
      ? `${container} did not stop within ${graceSeconds} s and was ended by the engine (exit code ${killedExitCode}).`
      : `${container} stopped by itself with exit code ${found.exitCode}.`;
  },

  async undo({ engine, container }, { id, wasRunning, restartPolicy }, { connections, signal }) {
    const port = connections.docker(engine);
    const found = await containerById(port, id, signal);
    // Before it runs: one that ends and restarts again and again could refuse it later.
    await applyRestartPolicy(port, found, restartPolicy, signal);
    if (wasRunning && !found.running) {
      await port.start(id, signal);
    }
    const now = await containerById(port, id, signal);
    if (wasRunning && !isUp(now)) {
      throw new AppError('DOCKER_NOT_RUNNING', `Started ${container} again, but ${stateText(now)}`);
    }
    return wasRunning
      ? `${container} (${shortId(id)}) is running again as it was.`
      : `${container} (${shortId(id)}) was not running and stays so.`;
  },
});
