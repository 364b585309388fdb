/**
 * `npm run test:cut [-- --runs N] [-- --seed N]`: whole rollbacks on real machines, in the middle of which the line is
 * cut or the host stands still. Judged by the machines' own accounts: the journal of systemd, what serves, and where the
 * link leads.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../kill/random.mjs';
import { clientFile } from '../lab/hosts/host-keys.mjs';
import { openMachine } from '../lab/hosts/hosts.mjs';
import { openLine } from '../lab/hosts/line.mjs';
import { drawFault } from './faults.mjs';
import { keepWitness } from './outside.mjs';
import { faultsOf, playRound } from './round.mjs';
import { tableOf } from './table.mjs';

const runbook = fileURLToPath(new URL('../fixtures/hosts/lab-host.yaml', import.meta.url));
/** Of ten: what most hosts run, and a share of the others. */
const shares = /** @type {const} */ ([
  ...['systemd', 'systemd', 'pm2', 'systemd', 'git'],
  ...['systemd', 'systemd', 'pm2', 'systemd', 'git'],
]);
const MOST_MISSES = 5;

/**
 * @typedef {import('./round.mjs').Round} Round
 * @typedef {{ engine: import('./round.mjs').Engine, socket: string, runs: number, seed: number, beside: number, from: number, to: number, procedures?: readonly import('./outside.mjs').Procedure[], say: (line: string) => void }} Options
 * @param {Options} options `from` and `to`: how long a fault lasts, in seconds
 * @returns {Promise<Round[]>}
 */
export async function runCuts({ runs, beside, seed, say, procedures = shares, ...options }) {
  const random = seededRandom(seed);
  /** @type {Round[]} */
  const rounds = [];
  // Drawn beforehand, so that a seed gives the same faults however many machines share them.
  const drawn = Array.from({ length: runs }, (_none, index) => ({
    number: index + 1,
    procedure: procedures[index % procedures.length] ?? 'systemd',
    seed: Math.floor(random() * 2 ** 32),
  }));
  await Promise.all(
    Array.from({ length: beside }, async () => {
      const place = await openPlace(options);
      try {
        /** @type {Map<string, Round>} */
        const wholes = new Map();
        for (let next = drawn.shift(); next !== undefined; next = drawn.shift()) {
          const { number, procedure } = next;
          const whole = wholes.get(procedure) ?? (await undisturbed(place, procedure));
          wholes.set(procedure, whole);
          const round = await hit(place, whole, seededRandom(next.seed), options);
          rounds.push(round);
          say(lineOf(number, round));
        }
      } finally {
        await place.close();
      }
    }),
  );
  return rounds;
}

/** @param {Options & { resultFile: string }} options */
export async function runCutTest({ resultFile, ...options }) {
  const { runs, seed, beside, from, to, say } = options;
  say(`Cut test: ${runs} runs on ${beside} machines, ${from} to ${to} s each, seed ${seed}`);
  const rounds = await runCuts(options);
  mkdirSync(dirname(resultFile), { recursive: true });
  writeFileSync(resultFile, `${JSON.stringify({ seed, runs, from, to, rounds }, null, 2)}\n`);
  say(`\n${tableOf(rounds)}\n`);
  const failed = rounds.filter((round) => faultsOf(round).length > 0).length;
  return { passed: rounds.length - failed, failed, skipped: 0 };
}

/** @param {Place} place @param {import('./outside.mjs').Procedure} procedure */
async function undisturbed(place, procedure) {
  const round = await playRound(place, procedure, null, null);
  if (faultsOf(round).length > 0 || round.outcome !== 'rolled-back') {
    throw new Error(
      `A rollback that nobody disturbed went wrong: ${faultsOf(round).join('; ')}\n${round.log.join('\n')}`,
    );
  }
  return round;
}

/**
 * A run that ended before its fault came shows nothing, so it is played again.
 * @param {Place} place @param {Round} whole @param {() => number} random @param {{ from: number, to: number }} lengths
 */
async function hit(place, whole, random, { from, to }) {
  const { procedure, acts, seconds, cutoverMs } = whole;
  for (let miss = 0; ; miss += 1) {
    const fault = drawFault(random, { wholeMs: seconds * 900, cutoverMs, from, to });
    const round = await playRound(place, procedure, fault, acts);
    if (round.hasHit || faultsOf(round).length > 0 || miss === MOST_MISSES) {
      return round;
    }
  }
}

/**
 * @typedef {import('./round.mjs').Place & { close: () => Promise<void> }} Place
 * @param {{ engine: import('./round.mjs').Engine, socket: string }} options
 * @returns {Promise<Place>}
 */
async function openPlace({ engine, socket }) {
  const machine = await openMachine(socket, 'app');
  const line = await openLine(machine.port);
  const folder = await mkdtemp(join(tmpdir(), 'lastgood-cut-ssh-'));
  const known = join(folder, 'known_hosts');
  const sshConfig = join(folder, 'ssh_config');
  const keys = machine.knownHosts.map((key) => key.replace(`:${machine.port} `, `:${line.port} `));
  await writeFile(known, `${keys.join('\n')}\n`);
  await writeFile(
    sshConfig,
    `Host lab-app
  HostName ${machine.address}
  Port ${line.port}
  User deploy
  IdentityFile ${clientFile('id_lab')}
  IdentitiesOnly yes
  UserKnownHostsFile ${known}
  StrictHostKeyChecking yes
`,
  );
  await keepWitness(machine);
  return {
    ...{ machine, line, engine, runbook, sshConfig },
    close: async () => {
      await line.close();
      await machine.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** @param {number} number @param {Round} round */
function lineOf(number, round) {
  const { procedure, fault, hasHit, turns, asked, outcome, seconds, log } = round;
  const faults = faultsOf(round);
  const what = hasHit
    ? `${fault?.kind} for ${((fault?.lastsMs ?? 0) / 1000).toFixed(1)} s`
    : 'not hit';
  const more = turns > 0 ? `, resumed ${turns} times` : '';
  const said = asked.length > 0 ? `, asked: ${asked.join(' ')}` : '';
  const verdict = faults.length === 0 ? 'good' : `WRONG: ${faults.join('; ')}\n${log.join('\n')}`;
  return `${String(number).padStart(3, '0')} ${procedure}: ${what}: ${outcome}${more}${said} (${seconds.toFixed(1)} s): ${verdict}`;
}
