import os from 'node:os';
import process from 'node:process';
import { createSshHosts, sshConfigFile, sshPlace } from '../connections/ssh-hosts.js';
import { createConsole } from '../console/create-console.js';
import { APP_VERSION } from '../console/version.js';
import { openAppLog } from '../log/app-log.js';
import { redactPatterns } from '../log/redaction.js';
import { createRange } from '../range/range.js';
import { rangeEnvironments } from '../range/range-environments.js';
import { dataPaths, dataRoot, makeDataFolders } from '../storage/data-paths.js';
import { PinBook } from '../storage/pin-book.js';
import { openSettings, systemUserName } from '../storage/settings.js';
import { Progress } from './progress.js';
import type { CliDeps } from './run-driver.js';
import { terminal } from './terminal.js';
import { terminalQuestions } from './terminal-questions.js';

export type ConsoleNeeds = {
  readonly watchSeconds: number | null;
  /** Fingerprints of host keys that the command line says to trust. */
  readonly acceptedKeys: readonly string[];
  /** Of databases, by the name of the secret. */
  readonly passwords: ReadonlyMap<string, string>;
};

/** Opens the data folder, the practice range and everything between them, and lets go of it all at the end. */
export async function withConsole<T>(
  { watchSeconds, acceptedKeys, passwords }: ConsoleNeeds,
  use: (deps: CliDeps) => Promise<T>,
): Promise<T> {
  const { env, platform } = process;
  const paths = dataPaths(dataRoot({ env, platform, home: os.homedir(), cwd: process.cwd() }));
  makeDataFolders(paths);
  const log = openAppLog({ file: paths.appLog, redact: redactPatterns, now: () => new Date() });
  const settings = await openSettings({
    file: paths.settings,
    userName: systemUserName(),
    now: () => new Date(),
  });
  const range = createRange({ folder: paths.range });
  const progress = new Progress((line) => process.stderr.write(`${line}\n`));
  const say = (line: string): void => {
    progress.say(line);
  };
  const lastgood = createConsole({
    paths,
    log,
    appVersion: APP_VERSION,
    operator: () => settings.read().operator,
    events: progress.events,
    extraEnvironments: [rangeEnvironments(range)],
    watchSeconds,
    hosts: createSshHosts({
      questions: terminalQuestions({ terminal, say, acceptedKeys }),
      place: sshPlace({ env, platform, home: os.homedir(), userName: systemUserName() }),
      platform,
      givenPasswords: passwords,
      pins: new PinBook({ file: paths.hostPins, now: () => new Date() }),
      ...sshConfigFile(env),
    }),
  });
  try {
    return await use({ lastgood, progress, terminal });
  } finally {
    await lastgood.runs.dispose();
    await range.close();
  }
}
