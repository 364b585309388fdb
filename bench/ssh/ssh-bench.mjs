/** Downtime and total time of one rollback on a real machine over SSH, by Lastgood and by what people use today. */
import { measure } from '../lib/measure.mjs';
import { rotated } from '../lib/statistics.mjs';
import { gitContestants, systemdContestants } from './contestants.mjs';
import { reportOf } from './report.mjs';
import { Site } from './site.mjs';

/** @typedef {Awaited<ReturnType<typeof measure>>} Measurement */
/** @typedef {import('../lib/measure.mjs').Contestant} Contestant */
/** @typedef {import('./report.mjs').Part} Part */

/**
 * @param {{
 *   electron: string,
 *   socket: string,
 *   rounds: number,
 *   without: readonly string[],
 *   say: (line: string) => void,
 * }} options
 */
export async function benchSsh({ electron, socket, rounds, without, say }) {
  const site = await Site.open(socket);
  try {
    /** @type {Part[]} */
    const parts = [];
    /** @param {Part['id']} id @param {import('./site.mjs').Procedure} procedure @param {readonly Contestant[]} all */
    const run = async (id, procedure, all) => {
      const contestants = all.filter((one) => !without.includes(one.id));
      const where = site.of(procedure);
      const measurements = await carryOut({ id, contestants, where, rounds, say });
      parts.push({ id, contestants, measurements });
    };
    await run('near', 'systemd', systemdContestants(site, 'near', electron));
    await run('far', 'systemd', systemdContestants(site, 'far', electron));
    await run('git', 'git', gitContestants(site, electron));
    return { ...reportOf(parts), parts };
  } finally {
    await site.close();
  }
}

/**
 * @param {{
 *   id: string,
 *   contestants: readonly Contestant[],
 *   where: import('../lib/measure.mjs').MeasuredSite,
 *   rounds: number,
 *   say: (line: string) => void,
 * }} options
 */
async function carryOut({ id, contestants, where, rounds, say }) {
  /** @type {Measurement[]} */
  const measurements = [];
  // The first round fills the caches and does not count.
  for (let round = 0; round <= rounds; round += 1) {
    for (const contestant of rotated(contestants, round)) {
      const measurement = await measure(contestant, where);
      const warmUp = round === 0 ? ' (warm-up)' : '';
      say(`${id}, round ${round} of ${rounds}: ${lineOf(measurement)}${warmUp}`);
      measurements.push(...(round === 0 ? [] : [measurement]));
    }
  }
  return measurements;
}

/** @param {Measurement} measurement */
const lineOf = ({ contestant, downtimeMs, totalMs }) =>
  `${contestant} down ${Math.round(downtimeMs)} ms, verified ${Math.round(totalMs)} ms`;
