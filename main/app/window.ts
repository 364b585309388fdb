import { BrowserWindow, nativeTheme, screen } from 'electron';
import { PAGE_ADDRESS } from './page-protocol.js';
import { keepWindowBounds, MINIMUM_SIZE, placeWindow } from './window-bounds.js';
import type { WindowBounds } from './window-bounds.js';

export type WindowOptions = {
  readonly preload: string;
  readonly kept: WindowBounds | null;
  readonly boundsFile: string;
  readonly isPackaged: boolean;
  readonly logError: (message: string, thrown: unknown) => void;
};

const KEEP_BOUNDS_AFTER_MS = 500;

/** The page's own backgrounds, so that nothing flashes before the first paint. */
const BACKGROUND = { light: '#f5f6f8', dark: '#0e1116' } as const;

export type OpenedWindow = {
  readonly window: BrowserWindow;
  /** Writes where the window stands now; to be called before the app ends. */
  readonly keepBounds: () => Promise<void>;
};

/** Opens the one window. It shows itself when its first frame is painted. */
export function openWindow(options: WindowOptions): OpenedWindow {
  const window = new BrowserWindow({
    ...placeWindow(
      options.kept,
      screen.getAllDisplays().map(({ workArea }) => workArea),
    ),
    minWidth: MINIMUM_SIZE.width,
    minHeight: MINIMUM_SIZE.height,
    title: 'Lastgood',
    show: false,
    autoHideMenuBar: true,
    backgroundColor: background(),
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      // Clocks and due messages must go on while the operator works in a terminal.
      backgroundThrottling: false,
      devTools: !options.isPackaged,
    },
  });
  if (options.kept?.isMaximized === true) {
    window.maximize();
  }
  window.once('ready-to-show', () => {
    window.show();
  });
  followTheme(window);
  return { window, keepBounds: followBounds(window, options) };
}

export async function loadPage(window: BrowserWindow): Promise<void> {
  await window.loadURL(`${PAGE_ADDRESS}index.html`);
}

function background(): string {
  return nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light;
}

function followTheme(window: BrowserWindow): void {
  const follow = (): void => {
    window.setBackgroundColor(background());
  };
  nativeTheme.on('updated', follow);
  window.once('closed', () => {
    nativeTheme.off('updated', follow);
  });
}

function followBounds(
  window: BrowserWindow,
  { boundsFile, logError }: WindowOptions,
): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const keep = async (): Promise<void> => {
    clearTimeout(timer);
    if (window.isDestroyed()) {
      return;
    }
    const bounds = { ...window.getNormalBounds(), isMaximized: window.isMaximized() };
    await keepWindowBounds(boundsFile, bounds).catch((thrown: unknown) => {
      logError('The place of the window could not be kept', thrown);
    });
  };
  const keepSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void keep(), KEEP_BOUNDS_AFTER_MS);
  };
  window.on('resize', keepSoon);
  window.on('move', keepSoon);
  window.once('closed', () => {
    clearTimeout(timer);
  });
  return keep;
}
