import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { clipboard, ipcMain, shell as desktop } from 'electron';
import { startShell } from './app/shell.js';
import type { HostOpener } from './connections/hosts/host-opener.js';
import { QuestionDesk } from './connections/question-desk.js';
import { createSshHosts, sshConfigFile, sshPlace } from './connections/ssh-hosts.js';
import { createConsole } from './console/create-console.js';
import { createHandlers } from './ipc/handlers.js';
import { createRunEvents } from './ipc/run-events.js';
import { openAppLog } from './log/app-log.js';
import { redactPatterns } from './log/redaction.js';
import { createRange } from './range/range.js';
import { rangeEnvironments } from './range/range-environments.js';
import { dataPaths, dataRoot, makeDataFolders } from './storage/data-paths.js';
import { PinBook } from './storage/pin-book.js';
import { openSettings, systemUserName } from './storage/settings.js';
import { APP_VERSION } from './console/version.js';

const { env, platform } = process;
const paths = dataPaths(dataRoot({ env, platform, home: os.homedir(), cwd: process.cwd() }));
makeDataFolders(paths);
const now = (): Date => new Date();
const log = openAppLog({ file: paths.appLog, redact: redactPatterns, now });

const hostsFor = (questions: QuestionDesk): HostOpener =>
  createSshHosts({
    questions,
    place: sshPlace({ env, platform, home: os.homedir(), userName: systemUserName() }),
    platform,
    pins: new PinBook({ file: paths.hostPins, now: () => new Date() }),
    ...sshConfigFile(env),
  });

void startShell({
  paths,
  log,
  ipcMain,
  pageFolder: path.join(import.meta.dirname, '../renderer'),
  preload: path.join(import.meta.dirname, '../preload/index.cjs'),
  connect: async (shell) => {
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
      hosts: hostsFor(questions),
      problems:
        settings.problem === null
          ? []
          : [{ file: 'settings.json', line: null, column: null, message: settings.problem }],
    });
    const { runs } = lastgood;
    return {
      theme: settings.read().theme,
      handlers: createHandlers({
        appVersion: APP_VERSION,
        paths,
        clock: lastgood.clock,
        runs,
        handover: lastgood.handover,
        cleanUp: lastgood.cleanUp,
        chooseFile: shell.chooseFile,
        home: lastgood.home,
        questions,
        planOf: lastgood.planOf,
        reports: lastgood.reports,
        settings,
        applyTheme: shell.setTheme,
        copy: async (text, html) => {
          clipboard.write(html === null ? { text } : { text, html });
          return Promise.resolve();
        },
        reveal: (file) => {
          desktop.showItemInFolder(file);
        },
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
  },
});
