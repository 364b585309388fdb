/** What a bench prints: Markdown, so that it can stand in the documentation as it is. */

/** @typedef {import('./statistics.mjs').Spread} Spread */
/** @typedef {{ name: string, measured: number, limit: number, unit: string, ratio: string }} Goal */

/** @param {Spread} figure @param {string} unit */
export function figureText({ median, min, max }, unit) {
  return `${Math.round(median)} ${unit} (${Math.round(min)} to ${Math.round(max)})`;
}

/** @param {readonly string[]} head @param {readonly (readonly string[])[]} rows */
export function table(head, rows) {
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** @param {readonly Goal[]} goals */
export function goalTable(goals) {
  return table(
    ['goal', 'measured', 'limit', 'ratio', 'verdict'],
    goals.map(({ name, measured, limit, unit, ratio }) => [
      name,
      `${Math.round(measured)} ${unit}`,
      `${Math.round(limit)} ${unit}`,
      ratio,
      measured <= limit ? 'pass' : 'FAIL',
    ]),
  );
}

/** @param {number} measured @param {number} reference @param {string} of */
export function ratioText(measured, reference, of) {
  return `${(measured / reference).toFixed(2)} × ${of}`;
}
