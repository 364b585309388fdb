/**
 * `npm run bench [-- docker|launch|journal|ssh|database] [--rounds N] [--keep-kernel] [--without CONTESTANT]`: measures side by side, prints Markdown tables
 * and keeps every single measurement in bench/results/.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { benchDatabase } from '../bench/database/database-bench.mjs';
import { benchDocker } from '../bench/docker/docker-bench.mjs';
import { benchJournal } from '../bench/journal/journal-bench.mjs';
import { benchLaunch } from '../bench/launch/launch-bench.mjs';
import { describeMachine, machineText } from '../bench/lib/machine.mjs';
import { benchSsh } from '../bench/ssh/ssh-bench.mjs';
import { runChild } from './lib/child.mjs';
import { ensureReady } from './lib/command-line.mjs';
import { inCheckout, isRoot } from './lib/places.mjs';
import { installPackages, isDebian, missingPackages } from './lib/system-packages.mjs';
import { runMain, say, Stop } from './lib/terminal.mjs';
import { isSandboxReady } from './runtime.mjs';

/** @typedef {{ electron: string, rounds: number, isKernelKept: boolean, without: readonly string[], say: (line: string) => void }} Options */

const usage =
  'npm run bench [-- docker|launch|journal|ssh|database] [--rounds N] [--keep-kernel] [--without CONTESTANT]';

/** @type {Record<string, (options: Options) => Promise<{ text: string, goals: readonly object[] }>>} */
const benches = {
  launch: async (options) => {
    if (!isSandboxReady(dirname(options.electron))) {
      throw new Stop(
        'The window is measured with its sandbox on; run `npm start` once as told there.',
      );
    }
    return benchLaunch({ ...options, account: await ordinaryAccount() });
  },
  journal: benchJournal,
  database: async (options) => {
    if (isDebian) {
      await installPackages(missingPackages(['postgres']));
    }
    return benchDatabase(options);
  },
  ssh: async (options) => {
    if (isDebian) {
      await installPackages(missingPackages(['peers']));
    }
    return benchSsh({ ...options, socket: await labSocket() });
  },
  docker: async (options) => benchDocker({ ...options, socket: await labSocket() }),
};

await runMain(async () => {
  const { names, ...options } = readArguments();
  const { rounds } = options;
  if (isDebian) {
    await installPackages(missingPackages(['display', 'docker', 'ssh', 'hosts']));
  }
  const electron = await ensureReady();
  for (const name of names) {
    const machine = describeMachine(electron);
    const result = await benches[name]?.({ electron, ...options, say });
    console.log(
      `\n## bench ${name}, ${rounds} rounds\n\n${machineText(machine)}\n\n${result?.text}\n`,
    );
    say(`Every measurement: ${keep(name, machine.date, { rounds, machine, ...result })}`);
  }
  return 0;
});

function readArguments() {
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: {
        rounds: { type: 'string', default: '7' },
        without: { type: 'string', multiple: true, default: [] },
        'keep-kernel': { type: 'boolean', default: false },
      },
    });
    const rounds = Number(values.rounds);
    const names = positionals.length === 0 ? Object.keys(benches) : positionals;
    if (Number.isInteger(rounds) && rounds > 0 && names.every((name) => name in benches)) {
      return { names, rounds, isKernelKept: values['keep-kernel'], without: values.without };
    }
  } catch {
    // An option that does not exist ends as every other misuse.
  }
  throw new Stop(usage, 2);
}

/** @param {string} name @param {string} date @param {object} result */
function keep(name, date, result) {
  const folder = inCheckout('bench/results');
  mkdirSync(folder, { recursive: true });
  const file = `${folder}/${name}-${date.replaceAll(':', '-')}.json`;
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  return file;
}

/** The engine on which the tests roll back and forth. @returns {Promise<string>} */
async function labSocket() {
  const args = [inCheckout('test/lab/lab.mjs'), 'up'];
  const { exitCode, stdout } = await runChild(process.execPath, args, { stdout: 'capture' });
  if (exitCode !== 0) {
    throw new Stop('The test lab did not come up; what it said stands above.');
  }
  return JSON.parse(stdout).socket;
}

/** The sandbox refuses root, so root starts the window as the lab's ordinary user. */
async function ordinaryAccount() {
  if (!isRoot) {
    return null;
  }
  const { ensureTestUser } = await import(pathToFileURL(inCheckout('test/lab/test-user.mjs')).href);
  return ensureTestUser();
}
