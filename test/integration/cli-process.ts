import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const checkout = path.resolve(import.meta.dirname, '../..');
const cli = path.join(checkout, 'out/main/cli.cjs');

export type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

function environment(home: string): NodeJS.ProcessEnv {
  return { ...process.env, ELECTRON_RUN_AS_NODE: '1', LASTGOOD_HOME: home };
}

/** The command line is built when it is first asked for; here that is done once, before anything is timed or killed. */
export async function buildCommandLine(): Promise<void> {
  const script = path.join(checkout, 'scripts/lastgood.mjs');
  await promisify(execFile)(process.execPath, [script, '--version'], {
    cwd: checkout,
    env: environment(''),
  });
}

/** The command line as one process, so that a kill hits the engine and nothing around it. */
export function lastgood(home: string, ...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const env = environment(home);
    execFile(process.execPath, [cli, ...args], { env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, stdout, stderr });
    });
  });
}

/** Starts it and ends it with SIGKILL as soon as it has said `line`. Gives what it had said. */
export async function lastgoodKilledAt(
  home: string,
  line: string,
  ...args: readonly string[]
): Promise<string> {
  const child = spawn(process.execPath, [cli, ...args], {
    env: environment(home),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  createInterface({ input: child.stderr }).on('line', (text) => {
    said += `${text}\n`;
    if (text.includes(line)) {
      child.kill('SIGKILL');
    }
  });
  await once(child, 'close');
  if (child.signalCode !== 'SIGKILL') {
    throw new Error(`It ended before it said “${line}”:\n${said}`);
  }
  return said;
}
