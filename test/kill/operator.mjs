/**
 * An operator who finds the run left behind: lists the runs, looks at the engine with its own client, says what is
 * true, and lets the run go on.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../lab/command.mjs';
import { printed, runEngine } from './engine-process.mjs';

const MOST_TURNS = 6;
const TARGET = 'v1.1.0';

/**
 * @typedef {{ step: string, said: string, looked: { isDone: boolean | null, facts: string } | null }} Settled
 * @typedef {{ turns: number, settled: Settled[], log: string[], kills: number }} Handled
 */

/**
 * Brings whatever was left behind to its end. `killNext` gives the instant at which the next continuation is killed
 * too, or null.
 * @param {import('./engine-process.mjs').Engine} engine
 * @param {import('./lab-place.mjs').LabPlace} place
 * @param {() => import('./engine-process.mjs').KillAt | null} killNext
 * @returns {Promise<Handled>}
 */
export async function bringToItsEnd(engine, place, killNext) {
  /** @type {Handled} */
  const handled = { turns: 0, settled: [], log: [], kills: 0 };
  while (handled.turns < MOST_TURNS) {
    const listed = await runEngine(engine, place.home, ['runs', '--json']);
    const [run] = printed(listed).runs;
    if (run !== undefined && run.outcome !== null) {
      return handled;
    }
    handled.turns += 1;
    const args = run === undefined ? beginAgain() : await continuation(engine, place, run, handled);
    const ended = await runEngine(engine, place.home, args, killNext());
    handled.kills += ended.isKilled ? 1 : 0;
    handled.log.push(`lastgood ${args.join(' ')}`, ended.stderr);
  }
  return handled;
}

export const beginAgain = () => [
  ...['drill', '--runbook', 'lab-web', '--environment', 'staging'],
  ...['--to', TARGET, '--yes', '--json'],
];

/**
 * @param {import('./engine-process.mjs').Engine} engine
 * @param {import('./lab-place.mjs').LabPlace} place
 * @param {{ runId: string, phase: string, toVersion: string | null }} run
 * @param {Handled} handled
 */
async function continuation(engine, place, run, handled) {
  const look = await runEngine(engine, place.home, ['resume', run.runId.slice(0, 13), '--json']);
  handled.log.push(`lastgood resume ${run.runId}`, look.stderr);
  const { steps } = printed(look);
  const args = ['resume', run.runId, '--yes', '--json'];
  for (const { id, status, looked } of steps) {
    if (status === 'unknown') {
      const isDone = await truthOf(id, place, run.runId);
      const said = isDone ? 'done' : 'not-done';
      handled.settled.push({ step: id, said, looked });
      args.push('--settle', `${id}=${said}`);
    }
  }
  if (args.includes('--settle')) {
    args.push('--evidence', 'seen with the engine’s own client');
  }
  // A drill that had not chosen yet is told once more; one that has is not.
  return run.toVersion === null ? [...args, '--to', TARGET] : args;
}

/**
 * Whether what the step wants is so, asked of the engine alone. Steps that only read are simply done again.
 * @param {string} step
 * @param {import('./lab-place.mjs').LabPlace} place
 * @param {string} runId
 */
async function truthOf(step, place, runId) {
  const { container } = place;
  switch (step) {
    case 'create':
      return (await ofRun(place, runId)).length > 0;
    case 'stop':
      return (
        (await inspect(
          place,
          place.oldId,
          '{{.State.Running}} {{.HostConfig.RestartPolicy.Name}}',
        )) === 'false no'
      );
    case 'swap': {
      const kept = await inspect(place, `${container}-before`, '{{.Id}}');
      const now = await inspect(place, container, '{{index .Config.Labels "lastgood.run"}}');
      return kept === place.oldId && now === runId;
    }
    case 'start':
      return (await inspect(place, container, '{{.State.Running}}')) === 'true';
    case 'trigger':
      return hasAnalysed(place);
    default:
      return false;
  }
}

/** A test analysis that was taken on is finished before anybody says what became of it. @param {import('./lab-place.mjs').LabPlace} place */
async function hasAnalysed(place) {
  // What was still on its way to the service when the console died has arrived by now.
  await sleep(100);
  const log = () => place.docker('logs', place.container);
  if (!(await log()).includes('analysis lab-market started')) {
    return false;
  }
  await until(async () => (await log()).includes('analysis lab-market completed'), {
    what: 'The end of the analysis',
    timeoutMs: 10_000,
  });
  return true;
}

/** @param {import('./lab-place.mjs').LabPlace} place @param {string} runId */
export async function ofRun(place, runId) {
  const listed = await place.docker(
    'ps',
    '--all',
    '--quiet',
    '--no-trunc',
    '--filter',
    `label=lastgood.run=${runId}`,
  );
  return listed.split('\n').filter(Boolean);
}

/** Null when there is no such container. @param {import('./lab-place.mjs').LabPlace} place @param {string} name @param {string} format */
export async function inspect(place, name, format) {
  return place.docker('inspect', '--type', 'container', '--format', format, name).catch(() => null);
}
