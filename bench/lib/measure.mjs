import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { monotonicMs, pause } from './time.mjs';
import { downtimeMs, healthyAtMs, outages } from './outages.mjs';

const probeProgram = fileURLToPath(new URL('./probe.mjs', import.meta.url));
/**
 * @typedef {object} Contestant
 * @property {string} id
 * @property {string} name
 * @property {string} verifiedLine the line on stderr by which it says that all is verified
 * @property {readonly number[]} exitCodes with which it may end
 * @property {() => Promise<{ program: string, args: string[], env: NodeJS.ProcessEnv }>} prepare outside the measured time
 */

/**
 * @typedef {object} MeasuredSite
 * @property {number} port at which the service answers
 * @property {string} targetVersion
 * @property {() => Promise<void>} reset to the state from which every contestant begins
 * @property {() => Promise<void>} requireTarget fails when anything but the target serves
 */

/** The probe goes on around the run, so that no outage at its edges is missed. */
const MARGIN_MS = 300;
const TIMEOUT_MS = 120_000;

/**
 * One rollback by one contestant, from the same state as every other. Milliseconds since its process was started.
 * @param {Contestant} contestant
 * @param {MeasuredSite} site
 */
export async function measure(contestant, site) {
  await site.reset();
  const command = await contestant.prepare();
  const probe = startProbe(site.port);
  try {
    await pause(MARGIN_MS);
    const run = await carryOut(command, contestant);
    await pause(MARGIN_MS);
    const probes = await probe.finish();
    await site.requireTarget();
    return {
      contestant: contestant.id,
      downtimeMs: downtimeMs(probes),
      outages: outages(probes).length,
      healthyMs: healthyAtMs(probes, site.targetVersion) - run.startedMs,
      totalMs: run.verifiedMs - run.startedMs,
      endMs: run.endedMs - run.startedMs,
      exitCode: run.exitCode,
      ownDowntimeMs: ownDowntimeMs(run.printed),
      lines: run.lines.map(({ atMs, text }) => ({ atMs: Math.round(atMs - run.startedMs), text })),
    };
  } finally {
    probe.kill();
  }
}

/** @param {number} port */
function startProbe(port) {
  const child = spawn(process.execPath, [probeProgram, String(port)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    printed += chunk;
  });
  return {
    /** @returns {Promise<import('./outages.mjs').Probe[]>} */
    finish: async () => {
      const closed = once(child, 'close');
      child.stdin.end();
      await closed;
      return JSON.parse(printed);
    },
    kill: () => child.kill(),
  };
}

/**
 * @param {{ program: string, args: string[], env: NodeJS.ProcessEnv }} command
 * @param {Contestant} contestant
 */
async function carryOut({ program, args, env }, { id, verifiedLine, exitCodes }) {
  const startedMs = monotonicMs();
  const child = spawn(program, args, {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIMEOUT_MS,
  });
  /** @type {{ atMs: number, text: string }[]} */
  const lines = [];
  createInterface({ input: child.stderr }).on('line', (text) => {
    lines.push({ atMs: monotonicMs(), text });
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    printed += chunk;
  });
  const [exitCode] = await once(child, 'close');
  const endedMs = monotonicMs();
  const verified = lines.find(({ text }) => text === verifiedLine);
  if (!exitCodes.includes(exitCode) || verified === undefined) {
    const said = lines.map(({ text }) => text).join('\n');
    throw new Error(`${id} ended with ${exitCode} and said:\n${said}`);
  }
  return { startedMs, verifiedMs: verified.atMs, endedMs, exitCode, printed, lines };
}

/** What Lastgood itself says about the downtime; null for those who do not measure it. @param {string} printed */
function ownDowntimeMs(printed) {
  try {
    const { downtimeSeconds } = JSON.parse(printed);
    return typeof downtimeSeconds === 'number' ? downtimeSeconds * 1_000 : null;
  } catch {
    return null;
  }
}
