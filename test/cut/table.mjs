/** What the rounds came to, as a Markdown table: one line for each procedure and kind of fault. */

/** @typedef {import('./round.mjs').Round} Round */

/** @param {readonly Round[]} rounds */
export function tableOf(rounds) {
  const keyOf = (/** @type {Round} */ { procedure, fault, hasHit }) =>
    `${procedure} | ${hasHit ? fault?.kind : 'not hit'}`;
  const keys = [...new Set(rounds.map(keyOf))].toSorted();
  const head = [
    ...['procedure', 'what failed', 'runs', 'seconds of it', 'rolled back', 'taken back'],
    ...['resumed by hand', 'asked about the test analysis', 'false successes', 'done twice'],
    ...['not picked up or wrong'],
  ];
  return [
    row(head),
    row(head.map((_title, index) => (index < 2 ? '---' : '---:'))),
    ...keys.map((key) =>
      row([...key.split(' | '), ...figures(rounds.filter((one) => keyOf(one) === key))]),
    ),
    row(['**all**', '', ...figures(rounds).map((figure) => `**${figure}**`)]),
  ].join('\n');
}

/** @param {readonly Round[]} rounds */
function figures(rounds) {
  const count = (/** @type {(round: Round) => boolean} */ isSo) =>
    String(rounds.filter(isSo).length);
  const seconds = rounds.map(({ fault }) => (fault?.lastsMs ?? 0) / 1000);
  const range = `${Math.min(...seconds).toFixed(1)}–${Math.max(...seconds).toFixed(1)}`;
  return [
    String(rounds.length),
    range,
    count(({ outcome }) => outcome === 'rolled-back'),
    count(({ outcome }) => outcome === 'rolled-forward' || outcome === 'abandoned'),
    count(({ turns }) => turns > 0),
    count(({ asked }) => asked.length > 0),
    count(({ falseSuccess }) => falseSuccess.length > 0),
    count(({ twice }) => twice.length > 0),
    count(({ wrong }) => wrong.length > 0),
  ];
}

/** @param {readonly string[]} cells */
const row = (cells) => `| ${cells.join(' | ')} |`;
