import type { App, BrowserWindow, Dialog } from 'electron';
import type { AppLog } from '../log/app-log.js';
import { createQuitGuard } from './quit-guard.js';
import type { QuitRisk } from './quit-guard.js';
import { createReloadPolicy } from './reload-policy.js';

/** Two consoles on one data folder would both write its journals: the second one hands over and ends. */
export function claimDataFolder(app: App, browserFolder: string): boolean {
  app.setPath('userData', browserFolder);
  return app.requestSingleInstanceLock();
}

/** A fault of our own must not end a run: it is written down, and what was going on goes on. */
export function logFaults(from: NodeJS.Process, log: AppLog): void {
  from.on('uncaughtException', (thrown) => {
    log.error('Uncaught exception', thrown);
  });
  from.on('unhandledRejection', (thrown) => {
    log.error('Unhandled rejection', thrown);
  });
}

export function bringToFront(window: BrowserWindow | null): void {
  if (window === null || window.isDestroyed()) {
    return;
  }
  if (window.isMinimized()) {
    window.restore();
  }
  window.show();
  window.focus();
}

export type QuitOptions = {
  readonly app: App;
  readonly dialog: Dialog;
  readonly window: BrowserWindow;
  readonly mayQuit: () => QuitRisk | null;
  readonly beforeExit: () => Promise<void>;
  readonly log: AppLog;
};

/** Closing the window, the menu and the system's wish to end all take this one way. */
export function guardQuit(options: QuitOptions): void {
  const { app, window, log } = options;
  const requestQuit = createQuitGuard({
    mayQuit: options.mayQuit,
    ask: (risk) => askToQuit(options, risk),
    beforeExit: options.beforeExit,
    exit: () => {
      app.exit(0);
    },
    logError: log.error,
  });
  const refuseAndAsk = (event: { preventDefault: () => void }): void => {
    event.preventDefault();
    requestQuit();
  };
  app.on('before-quit', refuseAndAsk);
  window.on('close', refuseAndAsk);
}

async function askToQuit({ dialog, window }: QuitOptions, risk: QuitRisk): Promise<boolean> {
  bringToFront(window);
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    title: 'Quit Lastgood?',
    message: risk.message,
    detail: risk.detail,
    buttons: ['Stay', 'Quit all the same'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  return response === 1;
}

export type RevivalOptions = {
  readonly window: BrowserWindow;
  readonly dialog: Dialog;
  readonly log: AppLog;
  readonly reload: () => Promise<void>;
};

/** The run goes on in main when the page dies; the page is loaded anew and folds the same records again. */
export function revivePage({ window, dialog, log, reload }: RevivalOptions): void {
  const next = createReloadPolicy({
    monotonicMs: () => performance.now(),
    maxReloads: 3,
    withinMs: 60_000,
  });
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    log.warn('The page ended unexpectedly', { reason, exitCode });
    if (reason === 'clean-exit' || window.isDestroyed()) {
      return;
    }
    if (next() === 'reload') {
      // Not in the event itself: the engine is still clearing the old process away.
      setImmediate(() => {
        reload().catch((thrown: unknown) => {
          log.error('The page could not be loaded anew', thrown);
        });
      });
      return;
    }
    void dialog.showMessageBox({
      type: 'error',
      message: 'The window keeps failing.',
      detail:
        'An open run and its journal are not touched by this. Quit and start Lastgood again to see it; the details are in the app log.',
    });
  });
}
