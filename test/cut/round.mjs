/** One round: a rollback in the middle of which the line or the host fails, brought to its end, and judged from outside. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { faults } from './faults.mjs';
import { actsOn, leftBehind, placeOf, served, sweep } from './outside.mjs';

/**
 * @typedef {import('./outside.mjs').Procedure} Procedure
 * @typedef {import('./outside.mjs').Acts} Acts
 * @typedef {import('./faults.mjs').Fault} Fault
 * @typedef {{ electron: string, cli: string }} Engine
 * @typedef {import('./faults.mjs').Wire & { engine: Engine, runbook: string, sshConfig: string }} Place
 * @typedef {{ procedure: Procedure, fault: Fault | null, hasHit: boolean, turns: number, asked: string[], outcome: string, acts: Acts, seconds: number, cutoverMs: number, falseSuccess: string[], twice: string[], wrong: string[], log: string[] }} Round
 */

const MOST_TURNS = 4;
const PROCESS_TIMEOUT_MS = 300_000;

/**
 * @param {Place} place
 * @param {Procedure} procedure
 * @param {Fault | null} fault
 * @param {Acts | null} whole what an undisturbed rollback does; null where this is it
 * @returns {Promise<Round>}
 */
export async function playRound(place, procedure, fault, whole) {
  const { machine } = place;
  const home = await mkdtemp(join(tmpdir(), 'lastgood-cut-'));
  const startedAt = performance.now();
  const before = {
    acts: await actsOn(machine, procedure),
    place: await placeOf(machine, procedure),
    serves: await served(machine, procedure),
  };
  // 1.2.0 is sick.
  const to = before.serves === '1.1.0' ? '1.0.0' : '1.1.0';
  /** @type {Round} */
  const round = {
    ...{ procedure, fault, hasHit: false, turns: 0, asked: [], outcome: 'none', seconds: 0 },
    ...{ cutoverMs: 0, falseSuccess: [], twice: [], wrong: [], log: [], acts: before.acts },
  };
  try {
    const isGood = await drive(place, home, round, { to, before: before.acts });
    round.seconds = (performance.now() - startedAt) / 1000;
    const after = await actsOn(machine, procedure);
    round.acts = difference(after, before.acts);
    const now = {
      place: await placeOf(machine, procedure),
      serves: await served(machine, procedure),
      left: await leftBehind(machine),
    };
    await sweep(machine);
    judge(round, { isGood, to, before, now, whole });
    return round;
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/**
 * The operator: the drill, and where it was not brought to its end, `resume` until it is. Never `--settle`, but for the
 * one step whose outcome nobody but the service can know.
 * @param {Place} place @param {string} home @param {Round} round @param {{ to: string, before: Acts }} wanted
 * @returns {Promise<boolean>} whether the last command claimed success
 */
async function drive(place, home, round, { to, before }) {
  const { procedure, fault } = round;
  const drill = [
    ...['drill', '--runbook', place.runbook, '--environment', procedure, '--procedure', procedure],
    ...['--to', `v${to}`, '--watch', '1s', '--yes', '--json'],
  ];
  const first = await lastgood(place, home, drill, fault);
  let { isGood } = first;
  round.hasHit = first.hasHit;
  round.cutoverMs = first.cutoverMs;
  note(round, drill, first);
  for (;;) {
    const runs = await lastgood(place, home, ['runs', '--json'], null);
    const [run] = JSON.parse(runs.stdout).runs;
    if (run !== undefined && run.outcome !== null) {
      round.outcome = run.outcome;
      return isGood;
    }
    if (round.turns === MOST_TURNS) {
      round.outcome = `left in ${run?.phase ?? 'nothing'}`;
      return isGood;
    }
    round.turns += 1;
    const args = run === undefined ? drill : continuation(run, to);
    const ended = await lastgood(place, home, args, null);
    isGood = ended.isGood;
    note(round, args, ended);
    const settled = await settlement(place, round, ended, before);
    if (settled.length > 0 && run !== undefined) {
      const more = [...args, ...settled, '--evidence', 'seen in the log of the service'];
      const last = await lastgood(place, home, more, null);
      isGood = last.isGood;
      note(round, more, last);
    }
  }
}

/** @param {{ runId: string, phase: string }} run @param {string} to */
function continuation({ runId, phase }, to) {
  return phase === 'rolling-forward' || phase === 'rolled-forward'
    ? ['roll-forward', runId, '--retry', '--yes', '--json']
    : ['resume', runId, '--to', `v${to}`, '--watch', '1s', '--yes', '--json'];
}

/** @param {Place} place @param {Round} round @param {Ended} ended @param {Acts} before */
async function settlement({ machine }, round, { stdout }, before) {
  const { steps = [], outcome = '' } = stdout === '' ? {} : JSON.parse(stdout);
  if (outcome !== 'unfinished') {
    return [];
  }
  const unknown = steps.filter(
    (/** @type {{ status: string }} */ step) => step.status === 'unknown',
  );
  round.asked.push(...unknown.map((/** @type {{ id: string }} */ { id }) => id));
  const { analyses } = await actsOn(machine, round.procedure);
  const word = analyses > before.analyses ? 'done' : 'not-done';
  return unknown.flatMap((/** @type {{ id: string }} */ { id }) =>
    id === 'trigger' ? ['--settle', `${id}=${word}`] : [],
  );
}

/** @param {Round} round @param {readonly string[]} args @param {Ended} ended */
function note(round, args, { stderr, code }) {
  round.log.push(`lastgood ${args.join(' ')}`, `${stderr.trimEnd()} (exit code ${code})`);
}

/** @param {Acts} after @param {Acts} before @returns {Acts} */
function difference(after, before) {
  return {
    starts: after.starts - before.starts,
    stops: after.stops - before.stops,
    switches: after.switches - before.switches,
    analyses: after.analyses - before.analyses,
  };
}

/**
 * @param {Round} round
 * @param {{ isGood: boolean, to: string, before: { place: string, serves: string }, now: { place: string, serves: string, left: string }, whole: Acts | null }} sights
 */
function judge(round, { isGood, to, before, now, whole }) {
  const { outcome, wrong, asked, log } = round;
  judgeWords(round, isGood, { to, before, now });
  if (!isEnded.test(outcome)) {
    wrong.push(`not picked up: ${outcome}`);
  }
  const isSaid = log.some((text) => /could not be cleaned up|could not be let go/u.test(text));
  if (now.left !== '' && !isSaid) {
    wrong.push(`left on the host: ${now.left.replaceAll('\n', ' ')}`);
  }
  wrong.push(...asked.filter((id) => id !== 'trigger').map((step) => `asked about ${step}`));
  for (const act of /** @type {const} */ (['starts', 'stops', 'switches'])) {
    countActs(round, act, whole?.[act] ?? round.acts[act]);
  }
  countAnalyses(round);
}

const isEnded = /^(rolled-back|rolled-forward|abandoned)$/u;

/**
 * @param {Round} round @param {boolean} isGood
 * @param {{ to: string, before: { place: string, serves: string }, now: { place: string, serves: string } }} sights
 */
function judgeWords({ outcome, falseSuccess }, isGood, { to, before, now }) {
  const isMoved = now.place !== before.place && /active|online/u.test(now.place);
  const isThere = now.serves === to && isMoved;
  const isBack = now.serves === before.serves && now.place === before.place;
  const saysThere = outcome === 'rolled-back' || isGood;
  const saysBack = outcome === 'rolled-forward' || outcome === 'abandoned';
  if ((saysThere && !isThere) || (saysBack && !isBack)) {
    falseSuccess.push(`said ${outcome}, serves ${now.serves}, ${now.place}`);
  }
}

/** @param {Round} round @param {'starts' | 'stops' | 'switches'} act @param {number} once */
function countActs({ outcome, acts, twice, wrong }, act, once) {
  const isThere = outcome === 'rolled-back';
  const most = once * (isThere ? 1 : 2);
  if (acts[act] > most) {
    twice.push(`${act}: ${acts[act]} instead of ${most}`);
  } else if (isThere && acts[act] < most) {
    wrong.push(`${act}: ${acts[act]} instead of ${most}`);
  }
}

/** @param {Round} round */
function countAnalyses({ outcome, acts, twice, wrong }) {
  if (acts.analyses > 1) {
    twice.push(`test analyses: ${acts.analyses}`);
  } else if (outcome === 'rolled-back' && acts.analyses !== 1) {
    wrong.push(`test analyses: ${acts.analyses}`);
  }
}

/** @param {Round} round */
export const faultsOf = ({ falseSuccess, twice, wrong }) => [
  ...falseSuccess.map((text) => `FALSE: ${text}`),
  ...twice.map((text) => `TWICE: ${text}`),
  ...wrong,
];

/**
 * @typedef {{ code: number | null, isGood: boolean, stdout: string, stderr: string, hasHit: boolean, cutoverMs: number }} Ended
 * @param {Place} place
 * @param {string} home
 * @param {readonly string[]} args
 * @param {Fault | null} fault
 * @returns {Promise<Ended>}
 */
async function lastgood(place, home, args, fault) {
  const { electron, cli } = place.engine;
  const child = spawn(electron, [cli, ...args], {
    env: {
      ...process.env,
      ...{ ELECTRON_RUN_AS_NODE: '1', LASTGOOD_HOME: home, LASTGOOD_SSH_CONFIG: place.sshConfig },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: PROCESS_TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
  const ended = { stdout: '', stderr: '', hasHit: false, cutoverMs: 0 };
  /** @type {Promise<void> | null} */
  let striking = null;
  let isOver = false;
  const strike = async () => {
    await sleep(fault?.afterMs ?? 0);
    const means = fault === null ? undefined : faults[fault.kind];
    if (isOver || fault === null || means === undefined) {
      return;
    }
    ended.hasHit = true;
    ended.stderr += `[${fault.kind} for ${fault.lastsMs.toFixed(0)} ms]\n`;
    await means.begin(place);
    await sleep(fault.lastsMs);
    await means.end(place);
    ended.stderr += '[over]\n';
  };
  if (fault !== null && fault.atLine === null) {
    striking = strike();
  }
  let stoppedAt = 0;
  child.stdout.setEncoding('utf8').on('data', (chunk) => (ended.stdout += chunk));
  createInterface({ input: child.stderr }).on('line', (line) => {
    ended.stderr += `${line}\n`;
    if (/^… Stop/u.test(line)) {
      stoppedAt = performance.now();
    } else if (/^✓ Start|^✓ Save/u.test(line)) {
      ended.cutoverMs ||= performance.now() - stoppedAt;
    }
    if (fault !== null && fault.atLine?.test(line) === true) {
      striking ??= strike();
    }
  });
  const [code] = await once(child, 'close');
  isOver = true;
  await striking;
  return { ...ended, code, isGood: code === 0 };
}
