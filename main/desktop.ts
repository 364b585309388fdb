import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { clipboard, ipcMain, shell as desktop } from 'electron';
import { startShell } from './app/shell.js';
import { openAppLog } from './log/app-log.js';
import { redactPatterns } from './log/redaction.js';
import { keepCompiledProgram } from './storage/compiled-program.js';
import { dataPaths, dataRoot, makeDataFolders } from './storage/data-paths.js';

/** After the first looks and keys: writing what was compiled takes a moment, in the first start alone. */
const KEEP_COMPILED_AFTER_MS = 1_000;

/**
 * Opens the window and, behind it, the services. To be called before anything is awaited: the app must not be ready yet.
 * `programFolder`: where the built program's first file lies.
 */
export async function openDesktop(programFolder: string): Promise<void> {
  const { env, platform } = process;
  const paths = dataPaths(dataRoot({ env, platform, home: os.homedir(), cwd: process.cwd() }));
  makeDataFolders(paths);
  const now = (): Date => new Date();
  const log = openAppLog({ file: paths.appLog, redact: redactPatterns, now });
  await startShell({
    paths,
    log,
    ipcMain,
    pageFolder: path.join(programFolder, '../renderer'),
    preload: path.join(programFolder, '../preload/index.cjs'),
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
  setTimeout(keepCompiledProgram, KEEP_COMPILED_AFTER_MS).unref();
}
