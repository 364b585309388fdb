import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { clipboard, ipcMain, shell as desktop } from 'electron';
import { startShell } from './app/shell.js';
import { openAppLog } from './log/app-log.js';
import { redactPatterns } from './log/redaction.js';
import { dataPaths, dataRoot, makeDataFolders } from './storage/data-paths.js';

const { env, platform } = process;
const paths = dataPaths(dataRoot({ env, platform, home: os.homedir(), cwd: process.cwd() }));
makeDataFolders(paths);
const now = (): Date => new Date();
const log = openAppLog({ file: paths.appLog, redact: redactPatterns, now });

void startShell({
  paths,
  log,
  ipcMain,
  pageFolder: path.join(import.meta.dirname, '../renderer'),
  preload: path.join(import.meta.dirname, '../preload/index.cjs'),
  connect: async (shell) => {
    const { connectServices } = await import('./services.js');
    return connectServices(shell, {
      paths,
      log,
      env,
      platform,
      copy: async (text, html) => {
        clipboard.write(html === null ? { text } : { text, html });
        return Promise.resolve();
      },
      reveal: (file) => {
        desktop.showItemInFolder(file);
      },
    });
  },
});
