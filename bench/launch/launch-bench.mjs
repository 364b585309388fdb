/** Time to an interactive window and memory, beside a bare Electron window on the same runtime. */
import { chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inCheckout } from '../../scripts/lib/places.mjs';
import { figureText, goalTable, ratioText, table } from '../lib/report.mjs';
import { rotated, spread } from '../lib/statistics.mjs';
import { openDisplay } from './display.mjs';
import { measureLaunch } from './start.mjs';

/** @typedef {Awaited<ReturnType<typeof measureLaunch>>} Measurement */

const LIMIT = 1.5;

/**
 * @param {{
 *   electron: string,
 *   account: { uid: number, gid: number, home: string } | null,
 *   rounds: number,
 *   say: (line: string) => void,
 * }} options `account` is the ordinary user to start as; null for our own
 */
export async function benchLaunch({ electron, account, rounds, say }) {
  const folder = mkdtempSync(join(tmpdir(), 'lastgood-bench-'));
  const user = userOf(account);
  const display = await openDisplay(user);
  user.env['DISPLAY'] = display.name;
  try {
    const all = contestants((name) => ownFolder(join(folder, name), account));
    if (account !== null) {
      chownSync(folder, account.uid, account.gid);
    }
    /** @type {Measurement[]} */
    const measurements = [];
    /** @type {Measurement[]} */
    const firstStarts = [];
    // In round 0 the profiles are new; it is kept apart. An operator starts a console that was open before.
    for (let round = 0; round <= rounds; round += 1) {
      for (const contestant of rotated(all, round)) {
        const measurement = await measureLaunch(contestant, electron, user);
        const { interactiveMs, megabytes } = measurement;
        say(
          `round ${round} of ${rounds}: ${contestant.id} ${Math.round(interactiveMs)} ms, ${Math.round(megabytes)} MB`,
        );
        (round === 0 ? firstStarts : measurements).push(measurement);
      }
    }
    return { ...reportOf(all, measurements, firstStarts), measurements, firstStarts };
  } finally {
    display.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Nothing that changes how the runtime starts is handed on.
 * @param {{ uid: number, gid: number, home: string } | null} account
 * @returns {import('./start.mjs').User}
 */
function userOf(account) {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(ELECTRON_|NODE_OPTIONS$|npm_|LASTGOOD_|WAYLAND_|XDG_)/u.test(name),
  );
  const env = Object.fromEntries(kept);
  return account === null
    ? { env }
    : { env: { ...env, HOME: account.home }, uid: account.uid, gid: account.gid };
}

/** @param {string} path @param {{ uid: number, gid: number } | null} account */
function ownFolder(path, account) {
  mkdirSync(path);
  if (account !== null) {
    chownSync(path, account.uid, account.gid);
  }
  return path;
}

/**
 * @param {(name: string) => string} folder
 * @returns {readonly import('./start.mjs').Contestant[]}
 */
function contestants(folder) {
  return [
    {
      id: 'lastgood',
      name: 'Lastgood, home screen',
      app: inCheckout(),
      ready: 'main button',
      env: { LASTGOOD_HOME: folder('lastgood') },
    },
    {
      id: 'bare',
      name: 'bare Electron window, empty page',
      app: fileURLToPath(new URL('./bare', import.meta.url)),
      ready: 'main',
      env: { BENCH_PROFILE: folder('bare') },
    },
  ];
}

/**
 * @param {readonly import('./start.mjs').Contestant[]} all
 * @param {readonly Measurement[]} measurements
 * @param {readonly Measurement[]} firstStarts
 */
function reportOf(all, measurements, firstStarts) {
  /** @param {readonly Measurement[]} list @param {string} id @param {(one: Measurement) => number} pick */
  const of = (list, id, pick) => spread(list.filter((one) => one.contestant === id).map(pick));
  /** @type {(one: Measurement) => number} */
  const time = ({ interactiveMs }) => interactiveMs;
  /** @type {(one: Measurement) => number} */
  const weight = ({ megabytes }) => megabytes;
  const rows = all.map(({ id, name }) => [
    name,
    figureText(
      of(measurements, id, ({ marks }) => marks['painted'] ?? Number.NaN),
      'ms',
    ),
    figureText(of(measurements, id, time), 'ms'),
    `${Math.round(of(firstStarts, id, time).median)} ms`,
    figureText(of(measurements, id, weight), 'MB'),
  ]);
  const isPss = measurements.every(({ memory }) => memory?.pssMegabytes !== null);
  /** @param {string} name @param {(one: Measurement) => number} pick @param {string} unit */
  const goal = (name, pick, unit) => {
    const measured = of(measurements, 'lastgood', pick).median;
    const bare = of(measurements, 'bare', pick).median;
    return { name, measured, limit: bare * LIMIT, unit, ratio: ratioText(measured, bare, 'bare') };
  };
  const goals = [
    goal(`interactive ≤ ${LIMIT} × bare`, time, 'ms'),
    goal(`memory ≤ ${LIMIT} × bare`, weight, 'MB'),
  ];
  const memory = `memory (${isPss ? 'PSS' : 'RSS'}, all processes)`;
  const head = ['', 'painted after', 'interactive after', 'very first start', memory];
  return { goals, text: [table(head, rows), goalTable(goals)].join('\n\n') };
}
