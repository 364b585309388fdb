import { inCheckout } from './places.mjs';
import { say } from './terminal.mjs';

const SEEDS = 1_000_000;

/**
 * Kills the built engine in the middle of rollbacks on the lab's container engine and counts.
 * @param {{ runtime: string, lab: import('../../test/lab/lab.mjs').Lab, times: number, seed?: number }} options
 */
export async function runKill({ runtime, lab, times, seed = Math.ceil(Math.random() * SEEDS) }) {
  // Only now: it needs packages that a fresh clone installs first.
  const { runKillTest } = await import('../../test/kill/kill-test.mjs');
  const resultFile = inCheckout('test-results', 'kill.json');
  const engine = { electron: runtime, cli: inCheckout('out/main/cli.cjs') };
  return runKillTest({ engine, lab, times, seed, resultFile, say });
}
