import path from 'node:path';
import { _electron } from '@playwright/test';
import type { ElectronApplication } from '@playwright/test';

export const checkout = path.resolve(import.meta.dirname, '../../..');

/** Variables that would change how the runtime starts or what it talks to. */
const UNWANTED = /^(ELECTRON_|NODE_OPTIONS$|DOCKER_|PG|SSH_|LASTGOOD_)/;

export function environment(home: string, extra: Readonly<Record<string, string>> = {}) {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !UNWANTED.test(entry[0]),
  );
  return { ...Object.fromEntries(kept), LASTGOOD_HOME: home, ...extra };
}

export function runtime(): string {
  const executable = process.env['LASTGOOD_ELECTRON'];
  if (executable === undefined || executable === '') {
    throw new Error(
      'LASTGOOD_ELECTRON must name the Electron runtime; `npm run test:e2e` sets it.',
    );
  }
  return executable;
}

/** Starts the built console on the data folder `home`, with the sandbox on as an operator has it. */
export async function launch(
  home: string,
  extra: Readonly<Record<string, string>> = {},
): Promise<ElectronApplication> {
  return _electron.launch({
    executablePath: runtime(),
    args: [path.join(import.meta.dirname, 'driven-entry')],
    cwd: checkout,
    env: environment(home, extra),
    chromiumSandbox: true,
    // Without this the tests would force the light theme.
    colorScheme: null,
    timeout: 30_000,
  });
}

/** Ends the process as a power cut would: nothing of the app gets to run. */
export async function killHard(app: ElectronApplication): Promise<void> {
  const child = app.process();
  if (child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}
