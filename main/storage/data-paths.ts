import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { RunId } from '../../shared/run/events.js';

/** Where the process stands: passed in, so that the rule is the same in the window, the command line and the tests. */
export type Place = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly cwd: string;
};

export type RunPaths = {
  readonly folder: string;
  readonly journal: string;
  readonly log: string;
  readonly reports: string;
};

export type DataPaths = {
  readonly root: string;
  readonly runs: string;
  readonly runbooks: string;
  readonly range: string;
  /** Lines for lists, made anew from the journals whenever it is missing. */
  readonly runIndex: string;
  readonly settings: string;
  /** Which machine stands behind each host's name. */
  readonly hostPins: string;
  /** Values that a run may need to take a step back, encrypted, and their key: apart from the runs. */
  readonly vault: string;
  readonly windowBounds: string;
  readonly appLog: string;
  /** What the window's own engine keeps, and our own copies that only save time: deleting it loses nothing else. */
  readonly browser: string;
  /** Runbooks as their YAML was last read; missing ones are read anew. */
  readonly runbooksRead: string;
  readonly run: (runId: RunId) => RunPaths;
};

/** Only the owner may read what a run leaves behind: logs and reports name hosts and people. */
export const FOLDER_MODE = 0o700;
export const FILE_MODE = 0o600;

/** `LASTGOOD_HOME`, or the folder the platform keeps for an application's data. */
export function dataRoot({ env, platform, home, cwd }: Place): string {
  const join = platform === 'win32' ? path.win32 : path.posix;
  const own = filled(env['LASTGOOD_HOME']);
  if (own !== null) {
    return join.resolve(cwd, own);
  }
  switch (platform) {
    case 'darwin':
      return join.join(home, 'Library', 'Application Support', 'Lastgood');
    case 'win32':
      return join.join(filled(env['APPDATA']) ?? join.join(home, 'AppData', 'Roaming'), 'Lastgood');
    default: {
      // The XDG rule: a relative path there is invalid and must be passed over.
      const xdg = filled(env['XDG_DATA_HOME']);
      const base = xdg !== null && join.isAbsolute(xdg) ? xdg : join.join(home, '.local', 'share');
      return join.join(base, 'lastgood');
    }
  }
}

export function dataPaths(root: string): DataPaths {
  const runs = path.join(root, 'runs');
  return {
    root,
    runs,
    runbooks: path.join(root, 'runbooks'),
    range: path.join(root, 'range'),
    runIndex: path.join(root, 'index.sqlite'),
    settings: path.join(root, 'settings.json'),
    hostPins: path.join(root, 'host-pins.json'),
    vault: path.join(root, 'vault'),
    windowBounds: path.join(root, 'window.json'),
    appLog: path.join(root, 'log', 'app.log'),
    browser: path.join(root, 'browser'),
    runbooksRead: path.join(root, 'browser', 'runbooks-read'),
    run: (runId) => {
      const folder = path.join(runs, runId);
      return {
        folder,
        journal: path.join(folder, 'journal.jsonl'),
        log: path.join(folder, 'log'),
        reports: path.join(folder, 'reports'),
      };
    },
  };
}

/** Synchronous on purpose: the window's engine must be told its folder before anything else happens. */
export function makeDataFolders(paths: DataPaths): void {
  const folders = [
    paths.root,
    paths.runs,
    paths.runbooks,
    paths.range,
    paths.browser,
    path.dirname(paths.appLog),
  ];
  for (const folder of folders) {
    mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  }
}

export function makeRunFolders({ folder, log, reports }: RunPaths): void {
  for (const each of [folder, log, reports]) {
    mkdirSync(each, { recursive: true, mode: FOLDER_MODE });
  }
}

function filled(value: string | undefined): string | null {
  return value === undefined || value.trim() === '' ? null : value;
}
