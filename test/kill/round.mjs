/** One round: a rollback that is killed, brought to its end, and judged. */
import { makePlace } from './lab-place.mjs';
import { runEngine } from './engine-process.mjs';
import { account, wrongWith } from './judge.mjs';
import { placeOf, readJournal, runIds } from './journal.mjs';
import { beginAgain, bringToItsEnd } from './operator.mjs';
import { pick } from './random.mjs';

/**
 * @typedef {{ isKilled: boolean, at: string, kills: number, turns: number, settled: import('./operator.mjs').Settled[], acts: number, lost: string[], twice: string[], unplanned: string[], wrong: string[], seconds: number, engineSeconds: number, lines: import('./engine-process.mjs').Line[], log: string[] }} Round
 * @typedef {{ engine: import('./engine-process.mjs').Engine, lab: import('../lab/lab.mjs').Lab, events: import('./engine-events.mjs').EngineEvents, random: () => number, times: Timeline }} RoundDeps
 * @typedef {{ wholeMs: number, stepsMs: Readonly<Record<string, number>> }} Timeline  how long an unkilled rollback takes
 */

/**
 * The steps that change something, each from the line that ends the step before it to the line that ends it: looking,
 * announcing, acting, proving.
 */
const changes = {
  create: { from: /^✓ Find target/u, to: /^✓ Create replacement/u },
  stop: { from: /^✓ Save old log/u, to: /^✓ Stop old/u },
  swap: { from: /^✓ Stop old/u, to: /^✓ Swap names/u },
  start: { from: /^✓ Swap names/u, to: /^✓ Start target/u },
  trigger: { from: /^✓ Read new log/u, to: /^✓ Run test analysis/u },
};

/** An unkilled rollback, timed; it is judged as every other. @param {RoundDeps} deps @param {string} name */
export const unkilledRound = (deps, name) => playRound(deps, name, null);

/** @param {RoundDeps} deps @param {string} name */
export function killedRound(deps, name) {
  return playRound(deps, name, killInstant(deps));
}

/**
 * A third falls anywhere in the whole run. The others fall into one of the changing steps, each as likely, because
 * these are a small part of the time and all of the danger.
 * @param {RoundDeps} deps
 * @returns {import('./engine-process.mjs').KillAt}
 */
function killInstant({ random, times }) {
  if (random() < 1 / 3) {
    return { atLine: null, afterMs: random() * times.wholeMs };
  }
  const [step, { from }] = pick(random, Object.entries(changes));
  return { atLine: from, afterMs: random() * (times.stepsMs[step] ?? 0) };
}

/**
 * @param {RoundDeps} deps
 * @param {string} name
 * @param {import('./engine-process.mjs').KillAt | null} killAt
 * @returns {Promise<Round>}
 */
async function playRound(deps, name, killAt) {
  const { engine, lab, events, random } = deps;
  const startedAt = performance.now();
  const place = await makePlace(lab, name);
  const beganAtMs = Date.now();
  try {
    const first = await runEngine(engine, place.home, beginAgain(), killAt);
    const [left] = await runIds(place.home);
    const at = first.isKilled ? placeOf(await recordsOf(place, left)) : 'not killed';
    // One continuation in four is killed as well.
    const killNext = () => (killAt !== null && random() < 1 / 4 ? killInstant(deps) : null);
    const handled = await bringToItsEnd(engine, place, killNext);
    const ids = await runIds(place.home);
    const journals = await Promise.all(ids.map((runId) => readJournal(place.home, runId)));
    const closed = ids.find((_runId, index) => isRolledBack(journals[index] ?? [])) ?? '';
    const wrong =
      closed === '' ? ['no run was closed as rolled back'] : await wrongWith(place, closed);
    const endedAtMs = Date.now();
    await place.remove();
    const isOurs = (/** @type {import('./engine-events.mjs').EngineEvent} */ event) =>
      event.name.startsWith(name);
    await events.caughtUpTo((all) =>
      all.some((event) => event.id === place.oldId && event.action === 'destroy'),
    );
    const told = events.all.filter(
      (event) => isOurs(event) && event.atMs >= beganAtMs && event.atMs <= endedAtMs,
    );
    return {
      isKilled: first.isKilled,
      at,
      kills: handled.kills + (first.isKilled ? 1 : 0),
      turns: handled.turns,
      settled: handled.settled,
      ...account(told, place.oldId, journals.flat()),
      wrong,
      seconds: (performance.now() - startedAt) / 1000,
      engineSeconds: first.seconds,
      lines: first.lines,
      log: [first.stderr, ...handled.log],
    };
  } finally {
    await place.remove();
  }
}

/** @param {import('./lab-place.mjs').LabPlace} place @param {string | undefined} runId */
async function recordsOf(place, runId) {
  return runId === undefined ? [] : readJournal(place.home, runId);
}

/** @param {readonly import('./journal.mjs').JournalRecord[]} records */
function isRolledBack(records) {
  return records.some(
    ({ event }) => event.type === 'run.closed' && event['outcome'] === 'rolled-back',
  );
}

/** How long each changing step took in an unkilled round. @param {Round} round @returns {Timeline} */
export function timelineOf({ lines, engineSeconds }) {
  /** @param {RegExp} said */
  const at = (said) => lines.find(({ text }) => said.test(text))?.afterMs ?? Number.NaN;
  const stepsMs = Object.fromEntries(
    Object.entries(changes).map(([step, { from, to }]) => [step, at(to) - at(from)]),
  );
  return { wholeMs: engineSeconds * 1000, stepsMs };
}
