/** @typedef {{ sentMs: number, endedMs: number, answer: 'good' | 'bad' | 'none', version: string | null }} Probe */

/**
 * Without an answer from the moment at which the first unanswered probe was sent until the next answer arrived. A bad
 * answer is an answer: downtime and bad health are different figures.
 * @param {readonly Probe[]} probes in the order in which they were sent
 */
export function outages(probes) {
  /** @type {{ fromMs: number, toMs: number }[]} */
  const found = [];
  /** @type {number | null} */
  let fromMs = null;
  for (const { sentMs, endedMs, answer } of probes) {
    if (answer === 'none') {
      fromMs ??= sentMs;
    } else if (fromMs !== null) {
      found.push({ fromMs, toMs: endedMs });
      fromMs = null;
    }
  }
  if (fromMs !== null) {
    throw new Error('The service never answered again.');
  }
  return found;
}

/** @param {readonly Probe[]} probes */
export function downtimeMs(probes) {
  return outages(probes).reduce((sum, { fromMs, toMs }) => sum + (toMs - fromMs), 0);
}

/** When the target first answered as a healthy service does. @param {readonly Probe[]} probes @param {string} version */
export function healthyAtMs(probes, version) {
  const first = probes.find((probe) => probe.answer === 'good' && probe.version === version);
  if (first === undefined) {
    throw new Error(`Version ${version} never answered as healthy.`);
  }
  return first.endedMs;
}
