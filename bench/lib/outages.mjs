/** @typedef {{ sentMs: number, endedMs: number, answer: 'good' | 'bad' | 'none', version: string | null }} Probe */

/**
 * Without an answer from the moment at which the first unanswered probe was sent until the next answer arrived, be it
 * that of a later probe: one may hang while another is answered. A bad answer is an answer: downtime and bad health
 * are different figures.
 * @param {readonly Probe[]} probes in the order in which they were sent
 */
export function outages(probes) {
  /** @type {{ fromMs: number, toMs: number }[]} */
  const found = [];
  let coveredMs = 0;
  for (const { sentMs, answer } of probes) {
    if (answer === 'none' && sentMs >= coveredMs) {
      coveredMs = firstArrivalMs(
        probes.filter((probe) => probe.sentMs > sentMs && isAnswered(probe)),
      );
      found.push({ fromMs: sentMs, toMs: coveredMs });
    }
  }
  return found;
}

/** @param {Probe} probe */
const isAnswered = ({ answer }) => answer !== 'none';

/** @param {readonly Probe[]} probes */
function firstArrivalMs(probes) {
  if (probes.length === 0) {
    throw new Error('The service never answered again.');
  }
  return Math.min(...probes.map(({ endedMs }) => endedMs));
}

/** @param {readonly Probe[]} probes */
export function downtimeMs(probes) {
  return outages(probes).reduce((sum, { fromMs, toMs }) => sum + (toMs - fromMs), 0);
}

/** When the first answer of a healthy target arrived. @param {readonly Probe[]} probes @param {string} version */
export function healthyAtMs(probes, version) {
  return firstArrivalMs(
    probes.filter((probe) => probe.answer === 'good' && probe.version === version),
  );
}
