/**
 * The outside probe: asks the health address every 10 ms, each time over a connection of its own and without waiting
 * for earlier answers. Ends when its input ends and prints what it saw. `node probe.mjs PORT`
 */
import { monotonicMs } from './time.mjs';
import { ask, readHealth } from './ask.mjs';

const INTERVAL_MS = 10;
const port = Number(process.argv[2]);

/** @type {Promise<import('./outages.mjs').Probe>[]} */
const probes = [];

/** @returns {Promise<import('./outages.mjs').Probe>} */
async function look() {
  const sentMs = monotonicMs();
  try {
    const { status, text } = await ask({ host: '127.0.0.1', port, path: '/health' });
    const health = readHealth(text);
    const isGood = status === 200 && health.status === 'healthy';
    return {
      sentMs,
      endedMs: monotonicMs(),
      answer: isGood ? 'good' : 'bad',
      version: health.version ?? null,
    };
  } catch {
    return { sentMs, endedMs: monotonicMs(), answer: 'none', version: null };
  }
}

const timer = setInterval(() => {
  probes.push(look());
}, INTERVAL_MS);

process.stdin.resume().on('end', async () => {
  clearInterval(timer);
  process.stdout.write(JSON.stringify(await Promise.all(probes)));
});
