import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import { HealthExpectation } from '../../../shared/runbook/schema.js';
import type { DockerPort } from '../../connections/ports.js';
import { hostIsAway, lookAtService } from '../service/look-at-service.js';
import { untilHealthy } from '../service/until-healthy.js';
import { defineStep } from '../step-kind.js';
import type { StepContext } from '../step-kind.js';
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
import { lookUp, makeAgain, putAway, untilGone } from './kept-container.js';
import { ContainerName, EngineName, GraceSeconds, RestartPolicyJson, shortId } from './names.js';

/** 128 + SIGKILL: the engine ended it because the grace was over. */
const killedExitCode = 137;
const pausedStatus = 'paused';
/** A service that hangs must not hold up its own rollback. */
const shortLookMs = 1_000;

const Before = z.strictObject({
  id: z.string().min(1),
  wasRunning: z.boolean(),
  restartPolicy: RestartPolicyJson,
  imageId: z.string(),
  /** Left out in what was recorded before there was more to tell. */
  wasPaused: z.boolean().default(false),
  vanishes: z.boolean().default(false),
  wasServing: z.boolean().default(false),
});
type Before = z.infer<typeof Before>;

export const stopContainer = defineStep({
  kind: 'docker.stop',
  risk: 'change',
  repeatable: true,
  params: z.strictObject({
    engine: EngineName,
    container: ContainerName,
    graceSeconds: GraceSeconds,
    /** Where it can be seen whether it serves: taken back, it must serve again as it did before. */
    serves: z
      .strictObject({
        url: z.url(),
        health: HealthExpectation,
        timeoutSeconds: z.number().positive().max(86_400),
      })
      .optional(),
  }),
  before: Before,

  describe: ({ engine, container, graceSeconds }) =>
    `Stop container ${container} on ${engine}, letting it finish for up to ${graceSeconds} s`,
  commands: ({ container, graceSeconds }) => [
    shellCommand('docker', 'update', '--restart', 'no', container),
    shellCommand('docker', 'stop', '-t', String(Math.ceil(graceSeconds)), container),
  ],
  undoText: ({ container, serves }) =>
    `Give ${container} its restart policy back and start it again if it was running${serves === undefined ? '' : '; wait until it is healthy if it was'}`,

  async observe({ engine, container }, { connections, signal }) {
    const port = connections.docker(engine);
    const found = await findNamed(port, container, signal);
    if (found === null) {
      return { isDone: false, facts: `There is no container named ${container}.` };
    }
    // With its restart policy still on, the engine would bring it back after a restart of its own.
    const isHeld =
      found.restartPolicy.name === neverRestart.name ||
      (await port.info(signal)).keepsPolicies === true;
    const policy =
      found.running || isHeld ? '' : ` Its restart policy is still ${found.restartPolicy.name}.`;
    return { isDone: !found.running && isHeld, facts: stateText(found) + policy };
  },

  async capture({ engine, container, serves }, { connections, vault, signal }) {
    const [found, looked] = await Promise.all([
      containerNamed(connections.docker(engine), container, signal),
      serves === undefined
        ? null
        : lookAtService(connections.http, serves.url, serves.health, signal, {
            timeoutMs: shortLookMs,
          }),
    ]);
    if (found.autoRemove) {
      await putAway(vault, found);
    }
    return {
      id: found.id,
      wasRunning: found.running,
      restartPolicy: found.restartPolicy,
      imageId: found.imageId,
      wasPaused: found.status === pausedStatus,
      vanishes: found.autoRemove,
      wasServing: looked?.isHealthy === true,
    };
  },

  async act({ engine, graceSeconds }, { id, vanishes }, context) {
    const { connections, signal, emit } = context;
    const port = connections.docker(engine);
    if (vanishes && (await port.container(id, signal)) === null) {
      return;
    }
    const found = await containerById(port, id, signal);
    if (found.status === pausedStatus) {
      emit(`${found.name} is paused: unpausing it, so that it can stop by itself.`);
      await port.unpause(id, signal);
    }
    await stopForGood(port, found, graceSeconds, signal);
    if (vanishes) {
      await untilGone(port, id, context);
    }
  },

  async verify(
    { engine, container, graceSeconds },
    { id, wasRunning, wasPaused, vanishes },
    { connections, signal },
  ) {
    if (vanishes && (await connections.docker(engine).container(id, signal)) === null) {
      return `${container} stopped and removed itself, as it was started to; it can be made again.`;
    }
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
    const paused = wasPaused ? ' It had been paused, and was unpaused to stop.' : '';
    return found.exitCode === killedExitCode
      ? `${container} did not stop within ${graceSeconds} s and was ended by the engine (exit code ${killedExitCode}).${paused}`
      : `${container} stopped by itself with exit code ${found.exitCode}.${paused}`;
  },

  async undo({ engine, container, serves }, before, context) {
    const port = context.connections.docker(engine);
    const { id, isMadeAgain } = await bringBack(port, container, before, context);
    const { wasRunning, wasPaused, wasServing } = before;
    const now = await containerById(port, id, context.signal);
    if (wasRunning && !wasPaused && !isUp(now)) {
      throw new AppError('DOCKER_NOT_RUNNING', `Started ${container} again, but ${stateText(now)}`);
    }
    const isToServe = wasRunning && !wasPaused && wasServing && serves !== undefined;
    if (isToServe) {
      const { url, health, timeoutSeconds } = serves;
      const { http } = context.connections;
      const look = (_pausedMs: number, signal: AbortSignal) =>
        lookAtService(http, url, health, signal).catch(hostIsAway);
      await untilHealthy(timeoutSeconds, look, context);
    }
    return endOfUndo(container, id, before, { isMadeAgain, isServing: isToServe });
  },
});

/** With its policy, running and paused as it was; one that removed itself when it stopped is made again. */
async function bringBack(
  port: DockerPort,
  container: string,
  before: Before,
  { vault, signal }: StepContext,
): Promise<{ readonly id: string; readonly isMadeAgain: boolean }> {
  const { wasRunning, wasPaused, restartPolicy } = before;
  const isGone = before.vanishes && (await port.container(before.id, signal)) === null;
  const id = isGone ? await makeAgain(port, await lookUp(vault, container), signal) : before.id;
  const found = await containerById(port, id, signal);
  // Before it runs: one that ends and restarts again and again could refuse it later.
  await applyRestartPolicy(port, found, restartPolicy, signal);
  if (wasRunning && !found.running) {
    await port.start(id, signal);
  }
  if (wasPaused && (await containerById(port, id, signal)).status !== pausedStatus) {
    await port.pause(id, signal);
  }
  return { id, isMadeAgain: isGone };
}

function endOfUndo(
  container: string,
  id: string,
  { wasRunning, wasPaused }: { readonly wasRunning: boolean; readonly wasPaused: boolean },
  { isMadeAgain, isServing }: { readonly isMadeAgain: boolean; readonly isServing: boolean },
): string {
  if (!wasRunning) {
    return `${container} (${shortId(id)}) was not running and stays so.`;
  }
  const how = isMadeAgain ? ', made again with all its settings' : ' as it was';
  const paused = wasPaused ? ', and paused as it was before' : '';
  const serving = isServing ? ' and healthy' : '';
  return `${container} (${shortId(id)}) is running again${how}${serving}${paused}.`;
}
