import { randomBytes } from 'node:crypto';
import { extname } from 'node:path';
import {
  app,
  dialog,
  Menu,
  nativeTheme,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  session,
} from 'electron';
import type { BrowserWindow, IpcMain } from 'electron';
import type { Settings } from '../../shared/ipc/views.js';
import { createPush } from '../ipc/push.js';
import type { Push } from '../ipc/push.js';
import type { Handlers } from '../ipc/register.js';
import { createTrustedSender } from '../ipc/trusted-sender.js';
import type { AppLog } from '../log/app-log.js';
import type { DataPaths } from '../storage/data-paths.js';
import { bringToFront, claimDataFolder, guardQuit, logFaults, revivePage } from './lifecycle.js';
import { createChooseFile } from './choose-file.js';
import type { ChooseFile } from './choose-file.js';
import { menuTemplate } from './menu.js';
import { notify } from './notifications.js';
import type { Notice } from './notifications.js';
import {
  answerPageRequest,
  PAGE_ADDRESS,
  PAGE_SCHEME,
  pageScheme,
  readPageFiles,
} from './page-protocol.js';
import type { PageFiles } from './page-protocol.js';
import { watchPower } from './power.js';
import type { QuitRisk } from './quit-guard.js';
import { hardenApp, hardenSession } from './web-security.js';
import { readWindowBounds } from './window-bounds.js';
import { loadPage, openWindow } from './window.js';

/** What the services may ask of the desktop. Usable at once; before the window is open it goes nowhere. */
export type Shell = {
  readonly push: Push;
  readonly notify: (notice: Notice) => void;
  readonly setTheme: (theme: Settings['theme']) => void;
  readonly chooseFile: ChooseFile;
  /** True while a run is open. */
  readonly keepAwake: (isNeeded: boolean) => void;
};

/** What the desktop asks of the services. */
export type Services = {
  readonly handlers: Handlers;
  readonly theme: Settings['theme'];
  /** What would be lost by quitting now; null when nothing is. */
  readonly mayQuit: () => QuitRisk | null;
  readonly beforeExit: () => Promise<void>;
  readonly onSuspend: () => void;
  readonly onResume: () => void;
};

export type ShellOptions = {
  /** The folders must exist. */
  readonly paths: DataPaths;
  readonly pageFolder: string;
  readonly preload: string;
  readonly log: AppLog;
  readonly ipcMain: Pick<IpcMain, 'handle'>;
  /** Builds the services; called once, as soon as the window has been asked for its page. */
  readonly connect: (shell: Shell) => Promise<Services>;
};

/** To be called before anything is awaited: schemes and the sandbox must be set before the app is ready. Never rejects. */
export async function startShell(options: ShellOptions): Promise<void> {
  if (!claimDataFolder(app, options.paths.browser)) {
    process.stderr.write(
      'Lastgood is already open on this data folder; its window comes to the front.\n',
    );
    app.exit(0);
    return;
  }
  logFaults(process, options.log);
  try {
    await open(options);
  } catch (thrown) {
    options.log.error('Lastgood could not start', thrown);
    process.stderr.write(`Lastgood could not start: ${String(thrown)}\n`);
    dialog.showErrorBox('Lastgood could not start', `The details are in ${options.paths.appLog}`);
    app.exit(1);
  }
}

async function open(options: ShellOptions): Promise<void> {
  const { log, paths } = options;
  const logBlocked = (what: string, address: string): void => {
    log.warn('Blocked', { what, address });
  };
  hardenApp(app, logBlocked);
  protocol.registerSchemesAsPrivileged([pageScheme]);
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate({ platform: process.platform, isPackaged: app.isPackaged }),
    ),
  );

  let window: BrowserWindow | null = null;
  const shell = createShell(() => window, log);
  const reading = readPageFiles(options.pageFolder);
  // Looked at below; a failure before that must not count as unhandled.
  reading.catch(() => undefined);
  const [kept] = await Promise.all([readWindowBounds(paths.windowBounds), app.whenReady()]);
  hardenSession(session.defaultSession, logBlocked);

  const opened = openWindow({
    preload: options.preload,
    kept,
    boundsFile: paths.windowBounds,
    isPackaged: app.isPackaged,
    logError: log.error,
  });
  window = opened.window;
  const files = await reading;
  const handedOut = servePage(files, () => requestsIn);
  const showPage = async (): Promise<void> => {
    await loadPage(opened.window);
    log.info('The page is loaded', { pid: opened.window.webContents.getOSProcessId() });
  };
  revivePage({ window, dialog, log, reload: showPage });
  const showing = showPage();
  // The page starts in its own process while the services are read and built here; its requests wait for them.
  const connecting = Promise.race([handedOut, showing]).then(() => options.connect(shell.api));
  const requestsIn = letRequestsIn(
    opened.window,
    connecting.then(({ handlers }) => handlers),
    options,
  );
  const [services] = await Promise.all([connecting, requestsIn]);
  shell.use(services);
  keepToQuitRules(opened.window, opened.keepBounds, services, log);
  await showing;
}

/**
 * Serves the page's files, its scripts only once requests are let in. Resolves once a script and the styles are on their way: until
 * then nothing else may keep this process busy.
 */
function servePage(files: PageFiles, requestsIn: () => Promise<void>): Promise<void> {
  const asked = new Set<string>();
  return new Promise((resolve) => {
    protocol.handle(PAGE_SCHEME, async (request) => {
      const type = extname(new URL(request.url).pathname);
      if (type === '.js') {
        await requestsIn();
      }
      asked.add(type);
      if (asked.has('.js') && asked.has('.css')) {
        setImmediate(resolve);
      }
      return answerPageRequest(request, files, () => randomBytes(18).toString('base64'));
    });
  });
}

function createShell(window: () => BrowserWindow | null, log: AppLog) {
  let isAwakeNeeded = false;
  let keepAwake = (isNeeded: boolean): void => {
    isAwakeNeeded = isNeeded;
  };
  const api: Shell = {
    push: createPush({
      target: () => window()?.webContents ?? null,
      logError: (channel, thrown) => {
        log.error('An event could not be sent to the page', thrown, { channel });
      },
      later: (callback, delayMs) => {
        setTimeout(callback, delayMs);
      },
    }),
    notify: (notice) => {
      notify(notice, () => {
        bringToFront(window());
      });
    },
    chooseFile: createChooseFile({ dialog, app, window }),
    setTheme: (theme) => {
      nativeTheme.themeSource = theme;
    },
    keepAwake: (isNeeded) => {
      keepAwake(isNeeded);
    },
  };
  const use = (services: Services): void => {
    nativeTheme.themeSource = services.theme;
    ({ keepAwake } = watchPower({
      powerMonitor,
      powerSaveBlocker,
      onSuspend: services.onSuspend,
      onResume: services.onResume,
    }));
    keepAwake(isAwakeNeeded);
    app.on('second-instance', () => {
      bringToFront(window());
    });
  };
  return { api, use };
}

function keepToQuitRules(
  window: BrowserWindow,
  keepBounds: () => Promise<void>,
  services: Services,
  log: AppLog,
): void {
  guardQuit({
    app,
    dialog,
    window,
    mayQuit: services.mayQuit,
    beforeExit: async () => {
      await keepBounds();
      await services.beforeExit();
    },
    log,
  });
}

/** Read while the page's process starts: the schemas of the contract would hold up the window. */
async function letRequestsIn(
  window: BrowserWindow,
  handlers: Promise<Handlers>,
  { ipcMain, log }: ShellOptions,
): Promise<void> {
  const { registerHandlers } = await import('../ipc/register.js');
  registerHandlers(handlers, {
    ipcMain,
    isTrusted: createTrustedSender({
      contents: () => (window.isDestroyed() ? null : window.webContents),
      address: PAGE_ADDRESS,
    }),
    logError: (channel, thrown) => {
      log.error('A request failed', thrown, { channel });
    },
  });
}
