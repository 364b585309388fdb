/**
 * Who may import what inside its own process: the table of docs/architecture as data. A folder of `main` or
 * `renderer` that is not named here may import nothing but itself, so a new folder begins by being written down.
 */

const ports = [
  './connections/ports.ts',
  './connections/database-types.ts',
  './connections/docker-types.ts',
  './connections/host-types.ts',
];

/** @type {Record<string, string[]>} */
export const mainFolders = {
  app: ['./app', './ipc', './log', './storage'],
  cli: [
    './cli',
    './console',
    './runs',
    './runbooks',
    './reports',
    './storage',
    './log',
    './range',
    './engine/verify-journal.ts',
    './connections/ssh-hosts.ts',
    './connections/questions.ts',
  ],
  connections: ['./connections', './log', './steps/shell-quote.ts'],
  console: [
    './console',
    './connections/docker/engine-places.ts',
    './connections/hosts/host-opener.ts',
    './runs',
    './runbooks',
    './reports',
    './steps',
    './storage',
    './log',
  ],
  engine: ['./engine', './storage/atomic-file.ts'],
  ipc: [
    './ipc',
    './runs',
    './runbooks',
    './reports',
    './storage',
    './connections',
    './log',
    './logs',
  ],
  log: ['./log'],
  logs: ['./logs', './log', './storage'],
  range: ['./range', ...ports],
  reports: ['./reports', './log', './logs', './storage'],
  runbooks: ['./runbooks', './log', './storage', ...ports],
  runs: [
    './runs',
    './engine',
    './steps',
    './storage',
    './log',
    './logs',
    './connections/connection-pool.ts',
    ...ports,
  ],
  steps: ['./steps', ...ports],
  storage: ['./storage', './log'],
};

const features = [
  'home',
  'decide',
  'prepare',
  'execute',
  'verify',
  'communicate',
  'review',
  'runbooks',
  'history',
  'settings',
];

/** @type {Record<string, string[]>} */
export const rendererFolders = {
  ipc: ['./ipc'],
  stores: ['./stores', './ipc'],
  text: ['./text'],
  ui: ['./ui', './text'],
  ...Object.fromEntries(
    features.map((name) => [name, [`./${name}`, './ui', './stores', './text']]),
  ),
};

/**
 * @param {string} side
 * @param {Record<string, string[]>} folders
 */
const inside = (side, folders) =>
  Object.entries(folders).map(([folder, except]) => ({
    target: `./${side}/${folder}`,
    from: `./${side}`,
    except,
    message: `${side}/${folder} may import only ${except.join(', ')} of ${side}.`,
  }));

/** @param {string[]} names */
const between = (...names) => names.map((name) => `./${name}`);

export const zones = [
  { target: './shared', from: between('main', 'preload', 'renderer', 'test', 'scripts', 'bench') },
  { target: './preload', from: between('main', 'renderer', 'test', 'scripts', 'bench') },
  {
    target: './preload',
    from: './shared',
    except: ['./ipc'],
    message: 'The preload knows only types of shared/ipc.',
  },
  { target: './renderer', from: between('main', 'preload', 'test', 'scripts', 'bench') },
  { target: './main', from: between('preload', 'renderer', 'test', 'scripts', 'bench') },
  ...inside('main', mainFolders),
  ...inside('renderer', rendererFolders),
];
