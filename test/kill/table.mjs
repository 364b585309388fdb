/** What the rounds came to, as a Markdown table: one line for each place at which a run was killed. */

/** In the order of a run. */
const order = [
  ...['before the run', 'deciding', 'preparing'],
  ...[
    'find-target',
    'create',
    'save-log',
    'stop',
    'swap',
    'start',
    'wait-healthy',
    'read-log',
  ].flatMap(around),
  ...['trigger', 'check-health', 'check-settings', 'check-log'].flatMap(around),
  ...['in the watch', 'after the close', 'not killed'],
];

/** @param {string} step */
function around(step) {
  return [`in ${step}`, `after ${step}`];
}

/**
 * @typedef {{ rounds: number, kills: number, settled: number, misseen: number, acts: number, lost: number, twice: number, wrong: number }} Totals
 * @param {readonly import('./round.mjs').Round[]} rounds
 * @returns {Totals}
 */
export function totalsOf(rounds) {
  const count = (/** @type {(round: import('./round.mjs').Round) => number} */ of) =>
    rounds.reduce((sum, round) => sum + of(round), 0);
  return {
    rounds: rounds.length,
    kills: count(({ kills }) => kills),
    settled: count(({ settled }) => settled.length),
    misseen: count(({ settled }) => settled.filter(isMisseen).length),
    acts: count(({ acts }) => acts),
    lost: count(({ lost }) => lost.length),
    twice: count(({ twice, unplanned }) => twice.length + unplanned.length),
    wrong: count(({ wrong }) => (wrong.length === 0 ? 0 : 1)),
  };
}

/** The console said "it is done" of something that was not. @param {import('./operator.mjs').Settled} settled */
const isMisseen = ({ said, looked }) => looked?.isDone === true && said === 'not-done';

/** @param {readonly import('./round.mjs').Round[]} rounds */
export function tableOf(rounds) {
  const places = [...new Set(rounds.map(({ at }) => at))].toSorted(
    (left, right) => order.indexOf(left) - order.indexOf(right),
  );
  const head = [
    ...['first killed', 'rounds', 'kills', 'outcomes settled', 'seen as done and was not'],
    ...['acts of the engine', 'lost records', 'acts done twice', 'wrong end states'],
  ];
  const lines = places.map((place) => [place, rounds.filter(({ at }) => at === place)]);
  return [
    row(head),
    row(head.map((_title, index) => (index === 0 ? '---' : '---:'))),
    ...lines.map(([place, some]) => row([String(place), ...figuresOf(some)])),
    row(['**all**', ...figuresOf(rounds).map((figure) => `**${figure}**`)]),
  ].join('\n');
}

/** @param {any} rounds */
function figuresOf(rounds) {
  return Object.values(totalsOf(rounds)).map(String);
}

/** @param {readonly string[]} cells */
const row = (cells) => `| ${cells.join(' | ')} |`;
