import os from 'node:os';
import type { Services, Shell } from './app/shell.js';
import type { HostOpener } from './connections/hosts/host-opener.js';
import { QuestionDesk } from './connections/question-desk.js';
import { createSshHosts, sshConfigFile, sshPlace } from './connections/ssh-hosts.js';
import { createConsole } from './console/create-console.js';
import { APP_VERSION } from './console/version.js';
import type { HandlerDeps } from './ipc/handlers.js';
import { createHandlers } from './ipc/handlers.js';
import { createRunEvents } from './ipc/run-events.js';
import type { AppLog } from './log/app-log.js';
import { createRange } from './range/range.js';
import { rangeEnvironments } from './range/range-environments.js';
import type { DataPaths } from './storage/data-paths.js';
import { PinBook } from './storage/pin-book.js';
import { openSettings, systemUserName } from './storage/settings.js';

export type Surroundings = Pick<HandlerDeps, 'copy' | 'reveal'> & {
  readonly paths: DataPaths;
  readonly log: AppLog;
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
};

/** Everything behind the window. Read by itself and after the window has been asked for: it is most of the program. */
export async function connectServices(shell: Shell, around: Surroundings): Promise<Services> {
  const { paths, log } = around;
  const now = (): Date => new Date();
  const settings = await openSettings({ file: paths.settings, userName: systemUserName(), now });
  const range = createRange({ folder: paths.range });
  const questions = new QuestionDesk((pending) => {
    shell.push('connections.asked', [...pending]);
  });
  const lastgood = createConsole({
    paths,
    log,
    appVersion: APP_VERSION,
    operator: () => settings.read().operator,
    events: createRunEvents(shell, (runId) => lastgood.runs.live(runId)?.state ?? null),
    extraEnvironments: [rangeEnvironments(range)],
    watchSeconds: null,
    hosts: hostsFor(questions, around),
    problems:
      settings.problem === null
        ? []
        : [{ file: 'settings.json', line: null, column: null, message: settings.problem }],
  });
  const { runs } = lastgood;
  return {
    theme: settings.read().theme,
    handlers: createHandlers({
      ...lastgood,
      appVersion: APP_VERSION,
      paths,
      chooseFile: shell.chooseFile,
      questions,
      settings,
      applyTheme: shell.setTheme,
      copy: around.copy,
      reveal: around.reveal,
    }),
    mayQuit: () => runs.quitRisk(),
    beforeExit: async () => {
      await runs.dispose();
      await range.close();
    },
    onSuspend: () => {
      log.info('The machine goes to sleep');
      runs.noteSleep('machine.suspended');
    },
    onResume: () => {
      log.info('The machine woke up');
      runs.noteSleep('machine.resumed');
    },
  };
}

function hostsFor(questions: QuestionDesk, { env, platform, paths }: Surroundings): HostOpener {
  return createSshHosts({
    questions,
    place: sshPlace({ env, platform, home: os.homedir(), userName: systemUserName() }),
    platform,
    pins: new PinBook({ file: paths.hostPins, now: () => new Date() }),
    ...sshConfigFile(env),
  });
}
