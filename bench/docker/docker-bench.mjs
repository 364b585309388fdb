/** Downtime and total time of one rollback on a real engine, by Lastgood, by the document's commands and at the floor. */
import { figureText, goalTable, ratioText, table } from '../lib/report.mjs';
import { rotated, spread } from '../lib/statistics.mjs';
import { contestants, lastgoodAndFloor } from './contestants.mjs';
import { measure } from '../lib/measure.mjs';
import { askNeighboursSooner, keptKernel } from './neighbour-retry.mjs';
import { Site } from './site.mjs';

/** @typedef {Awaited<ReturnType<typeof measure>>} Measurement */
/** @typedef {'downtimeMs' | 'healthyMs' | 'totalMs' | 'endMs'} Figure */

/**
 * @param {{
 *   electron: string,
 *   socket: string,
 *   rounds: number,
 *   isKernelKept: boolean,
 *   without?: readonly string[],
 *   say: (line: string) => void,
 * }} options
 */
export async function benchDocker(options) {
  const parts = [];
  for (const variant of variants.filter(({ id }) => !options.without?.includes(id))) {
    options.say(`${variant.title}:`);
    const part = await benchVariant(variant, options);
    parts.push({ ...part, variant: variant.id, text: `### ${variant.title}\n\n${part.text}` });
  }
  return {
    goals: parts.flatMap(({ goals }) => goals),
    text: parts.map(({ text }) => text).join('\n\n'),
    parts,
  };
}

/** @type {readonly { id: import('./site.mjs').Variant, title: string, all: typeof contestants }[]} */
const variants = [
  { id: 'socket', title: 'By the socket', all: contestants },
  { id: 'ssh', title: 'Over SSH on loopback', all: lastgoodAndFloor },
  { id: 'grace', title: 'A service that takes 5 s to leave', all: lastgoodAndFloor },
];

/**
 * @param {typeof variants[number]} variant
 * @param {Parameters<typeof benchDocker>[0]} options
 */
async function benchVariant(
  { id, all: contestantsOf },
  { electron, socket, rounds, isKernelKept, say },
) {
  const site = await Site.open(socket, id);
  const network = isKernelKept ? keptKernel : askNeighboursSooner();
  try {
    const all = contestantsOf(site, electron);
    /** @type {Measurement[]} */
    const measurements = [];
    // The first round fills the caches and does not count.
    for (let round = 0; round <= rounds; round += 1) {
      for (const contestant of rotated(all, round)) {
        const measurement = await measure(contestant, site);
        const warmUp = round === 0 ? ' (warm-up)' : '';
        say(`round ${round} of ${rounds}: ${lineOf(measurement)}${warmUp}`);
        measurements.push(...(round === 0 ? [] : [measurement]));
      }
    }
    const { goals, text } = reportOf(all, measurements);
    const engine = `Docker engine ${await site.engineVersion()}, ${network.text}`;
    return { goals, text: `${engine}\n\n${text}`, engine, measurements };
  } finally {
    network.restore();
    await site.close();
  }
}

/** @param {Measurement} measurement */
function lineOf({ contestant, downtimeMs, totalMs, exitCode }) {
  const end = exitCode === 0 ? '' : `, ended with ${exitCode}`;
  return `${contestant} down ${Math.round(downtimeMs)} ms, verified ${Math.round(totalMs)} ms${end}`;
}

/**
 * @param {readonly import('../lib/measure.mjs').Contestant[]} all
 * @param {readonly Measurement[]} measurements
 */
function reportOf(all, measurements) {
  /** @param {string} id @param {Figure} figure */
  const of = (id, figure) =>
    spread(measurements.filter(({ contestant }) => contestant === id).map((one) => one[figure]));
  /** @type {readonly Figure[]} */
  const figures = ['downtimeMs', 'healthyMs', 'totalMs', 'endMs'];
  const rows = all.map(({ id, name }) => [
    name,
    ...figures.map((figure) => figureText(of(id, figure), 'ms')),
  ]);
  const hasScripts = all.some(({ id }) => id.startsWith('script'));
  const goals = goalsOf((id, figure) => of(id, figure).median, hasScripts);
  return {
    goals,
    text: [
      table(['', 'downtime', 'healthy after', 'verified after', 'process ended after'], rows),
      goalTable(goals),
      ownFigureText(measurements),
    ].join('\n\n'),
  };
}

/** How far the product's own meter is from the outside probe. @param {readonly Measurement[]} measurements */
function ownFigureText(measurements) {
  const differences = measurements.flatMap(({ downtimeMs, ownDowntimeMs }) =>
    ownDowntimeMs === null ? [] : [ownDowntimeMs - downtimeMs],
  );
  return `Lastgood’s own downtime meter minus the probe’s figure: ${figureText(spread(differences), 'ms')}`;
}

/**
 * @param {(id: string, figure: Figure) => number} median
 * @param {boolean} hasScripts
 */
function goalsOf(median, hasScripts) {
  const down = median('lastgood', 'downtimeMs');
  const floor = median('floor', 'downtimeMs');
  const unit = 'ms';
  return [
    {
      ...{ name: 'downtime ≤ floor + 5 % + 50 ms', measured: down, limit: floor * 1.05 + 50, unit },
      ratio: ratioText(down, floor, 'the floor'),
    },
    ...(hasScripts ? scriptGoals(median) : []),
  ];
}

/** @param {(id: string, figure: Figure) => number} median */
function scriptGoals(median) {
  const total = median('lastgood', 'totalMs');
  const slow = median('script-1s', 'totalMs');
  const fast = median('script-50ms', 'totalMs');
  const unit = 'ms';
  return [
    {
      ...{ name: 'total ≤ 0.7 × the 1 s script', measured: total, limit: slow * 0.7, unit },
      ratio: ratioText(total, slow, 'the 1 s script'),
    },
    {
      ...{ name: 'total ≤ 1.0 × the 50 ms script', measured: total, limit: fast, unit },
      ratio: ratioText(total, fast, 'the 50 ms script'),
    },
  ];
}
