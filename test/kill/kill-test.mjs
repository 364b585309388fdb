/**
 * `npm run test:kill [-- --times N] [-- --seed N]`: whole rollbacks on a real container engine, each killed with
 * SIGKILL at a random instant and then brought to its end. Counted by the engine's own events.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { listenToEngine } from './engine-events.mjs';
import { killedRound, timelineOf, unkilledRound } from './round.mjs';
import { seededRandom } from './random.mjs';
import { tableOf, totalsOf } from './table.mjs';

const MOST_MISSES = 20;

/**
 * @param {{ engine: import('./engine-process.mjs').Engine, lab: import('../lab/lab.mjs').Lab, times: number, seed: number, resultFile: string, say: (line: string) => void }} options
 * @returns {Promise<{ passed: number, failed: number, skipped: number }>}
 */
export async function runKillTest({ engine, lab, times, seed, resultFile, say }) {
  const random = seededRandom(seed);
  const events = listenToEngine(lab.socket);
  const prefix = `lastgood-kill-${process.pid.toString(36)}`;
  say(`Kill test: ${times} rounds, seed ${seed}`);
  try {
    const idle = { engine, lab, events, random, times: { wholeMs: 0, stepsMs: {} } };
    const unkilled = await unkilledRound(idle, `${prefix}-first`);
    mustBeGood(unkilled);
    const deps = { ...idle, times: timelineOf(unkilled) };
    say(`An unkilled rollback takes ${unkilled.seconds.toFixed(1)} s and is as it should be.`);
    /** @type {import('./round.mjs').Round[]} */
    const rounds = [];
    while (rounds.length < times) {
      const number = String(rounds.length + 1).padStart(4, '0');
      const round = await killedInDeed(deps, `${prefix}-${number}`);
      rounds.push(round);
      say(lineOf(number, round));
    }
    keep(resultFile, { seed, times, timeline: deps.times, totals: totalsOf(rounds), rounds });
    say(`\n${tableOf(rounds)}\n`);
    const failed = rounds.filter((round) => !isGood(round)).length;
    return { passed: rounds.length - failed, failed, skipped: 0 };
  } finally {
    events.close();
  }
}

/**
 * A process that ended before its kill came shows nothing, so the round is played again.
 * @param {import('./round.mjs').RoundDeps} deps
 * @param {string} name
 */
async function killedInDeed(deps, name) {
  for (let miss = 0; ; miss += 1) {
    const round = await killedRound(deps, `${name}-${miss}`);
    if (round.isKilled || !isGood(round)) {
      return round;
    }
    if (miss === MOST_MISSES) {
      throw new Error(`The process ended ${miss} times before its kill came: the timing is off.`);
    }
  }
}

/** @param {import('./round.mjs').Round} round */
const faultsOf = ({ lost, twice, unplanned, wrong }) => [
  ...lost.map((act) => `no record before: ${act}`),
  ...twice.map((act) => `done twice: ${act}`),
  ...unplanned.map((act) => `not planned: ${act}`),
  ...wrong,
];

/** @param {import('./round.mjs').Round} round */
const isGood = (round) => faultsOf(round).length === 0;

/** @param {import('./round.mjs').Round} round */
function mustBeGood(round) {
  if (!isGood(round)) {
    throw new Error(
      `A rollback that nobody killed went wrong: ${faultsOf(round).join('; ')}\n${round.log.join('\n')}`,
    );
  }
}

/** @param {string} number @param {import('./round.mjs').Round} round */
function lineOf(number, round) {
  const { at, kills, settled, seconds, log } = round;
  const said = settled.map(({ step, said }) => `${step}=${said}`).join(' ');
  const faults = faultsOf(round);
  const verdict = faults.length === 0 ? 'good' : `WRONG: ${faults.join('; ')}\n${log.join('\n')}`;
  const often = kills > 1 ? `, killed ${kills} times` : '';
  return `${number} ${at}${often} ${said === '' ? '' : `(${said}) `}${seconds.toFixed(1)} s: ${verdict}`;
}

/** @param {string} file @param {Record<string, unknown> & { rounds: readonly import("./round.mjs").Round[] }} result */
function keep(file, result) {
  mkdirSync(new URL('.', `file://${file}`), { recursive: true });
  const rounds = result.rounds.map((round) => {
    const { log, lines, ...figures } = round;
    return isGood(round) ? figures : { ...figures, log, lines };
  });
  writeFileSync(file, `${JSON.stringify({ ...result, rounds }, null, 2)}\n`);
}
