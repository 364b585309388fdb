import { figureText, goalTable, ratioText, table } from '../lib/report.mjs';
import { spread } from '../lib/statistics.mjs';

/** @typedef {'downtimeMs' | 'healthyMs' | 'totalMs' | 'endMs'} Figure */
/**
 * @typedef {object} Part
 * @property {'near' | 'far' | 'git'} id
 * @property {readonly import('../lib/measure.mjs').Contestant[]} contestants
 * @property {readonly Awaited<ReturnType<typeof import('../lib/measure.mjs').measure>>[]} measurements
 */
/** @typedef {(id: string, figure: Figure) => number} Medians */

const titles = {
  near: 'systemd, over loopback',
  far: 'systemd, 40 ms each way on the line',
  git: 'Git, over loopback',
};
/** @type {readonly Figure[]} */
const figures = ['downtimeMs', 'healthyMs', 'totalMs', 'endMs'];
const unit = 'ms';

/** @param {readonly Part[]} parts */
export function reportOf(parts) {
  const reports = parts.map((part) => ({ ...figuresOf(part), title: titles[part.id] }));
  return {
    goals: reports.flatMap(({ goals }) => goals),
    text: reports.map(({ title, text }) => `### ${title}\n\n${text}`).join('\n\n'),
  };
}

/** @param {Part} part */
function figuresOf({ id, contestants, measurements }) {
  /** @param {string} contestant @param {Figure} figure */
  const of = (contestant, figure) =>
    spread(measurements.filter((one) => one.contestant === contestant).map((one) => one[figure]));
  const rows = contestants.map((one) => [
    one.name,
    ...figures.map((figure) => figureText(of(one.id, figure), unit)),
  ]);
  const head = ['', 'downtime', 'healthy after', 'verified after', 'process ended after'];
  // A goal compares two contestants; one that was left out has no figure to compare.
  const taken = new Set(contestants.map((one) => one.id));
  const goals = goalsOf[id]
    .filter((goal) => taken.has('lastgood') && taken.has(goal.peer))
    .map((goal) => measured(goal, (contestant, figure) => of(contestant, figure).median));
  return { goals, text: [table(head, rows), goalTable(goals)].join('\n\n') };
}

/** @typedef {{ peer: string, figure: Figure, name: string, of: string, limit: (peer: number) => number }} Wanted */

/** @type {Wanted} */
const nearTheFloor = {
  ...{ peer: 'floor', figure: 'downtimeMs', of: 'the floor' },
  name: 'downtime ≤ floor + 5 % + 50 ms',
  limit: (floor) => floor * 1.05 + 50,
};

/** @param {string} peer @param {string} of @param {number} share @returns {Wanted} */
const totalOf = (peer, of, share) => ({
  ...{ peer, figure: 'totalMs', of, name: `total ≤ ${share} × ${of}` },
  limit: (total) => total * share,
});

/** @type {Record<Part['id'], readonly Wanted[]>} */
const goalsOf = {
  near: [
    nearTheFloor,
    totalOf('script-1s', 'the 1 s script', 0.6),
    totalOf('capistrano', 'Capistrano', 0.5),
    totalOf('ansible', 'Ansible', 0.3),
  ],
  far: [nearTheFloor, totalOf('script-1s', 'the 1 s script', 0.7)],
  git: [
    {
      ...{ peer: 'document', figure: 'downtimeMs', of: 'the document’s order' },
      name: 'downtime ≤ 0.1 × the document’s order',
      limit: (downtime) => downtime * 0.1,
    },
  ],
};

/** @param {Wanted} wanted @param {Medians} median */
function measured({ peer, figure, name, of, limit }, median) {
  const ours = median('lastgood', figure);
  const theirs = median(peer, figure);
  return { name, measured: ours, limit: limit(theirs), unit, ratio: ratioText(ours, theirs, of) };
}
