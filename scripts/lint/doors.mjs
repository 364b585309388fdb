/**
 * One door per danger: each package or global that can do harm has the one file that may hold it. ESLint replaces
 * a rule's options where configs overlap, so every group of files gets its whole list here, made by `door`.
 */

/** Packages with the files that may import them; `range` holds the server half of ssh2 in one file. */
const packageDoors = {
  'docker-modem': ['main/connections/docker-adapter.ts'],
  ssh2: ['main/connections/ssh-adapter.ts', 'main/range/ssh-server.ts'],
  // Its `compute` can start programs that a configuration names.
  'ssh-config': ['main/connections/ssh/settings-by-files.ts'],
  pg: ['main/connections/postgres-adapter.ts'],
};

const electronFiles = ['main/app/**', 'main/ipc/**', 'main/desktop.ts'];
const electronDoor = {
  name: 'electron',
  message: 'Electron belongs in main/app, main/ipc, main/desktop.ts and preload.',
};
const ipcMainDoor = {
  name: 'electron',
  importNames: ['ipcMain'],
  message: 'Only main/ipc/register.ts handles requests; main/desktop.ts hands it over.',
};
const environmentFiles = ['main/desktop.ts', 'main/cli/**', 'main/app/**', 'main/storage/**'];
const processDoor = {
  name: 'node:process',
  message: 'Use the global `process`, whose environment is behind a door.',
};

const packages = Object.entries(packageDoors).map(([name, files]) => ({
  name,
  message: `Only ${files.join(' and ')} may import ${name}.`,
}));

/** Names with a path after the slash and old spellings count as well. @param {string} open */
const packagePatterns = (open) =>
  packages
    .filter(({ name }) => name !== open)
    .map(({ name, message }) => ({ regex: `^${name}(/|$)`, message }));

const always = [
  {
    selector: 'TSInterfaceBody:not(:has(TSMethodSignature, TSFunctionType))',
    message: 'An interface is a port and has methods; use a type for data.',
  },
  {
    selector: 'TemplateElement[value.raw=/(^|[\\s;&|{(]): >/]',
    message:
      'In a script for a host, a redirection of `:` that fails ends the shell, whatever stands behind it; use `true >`.',
  },
];
const ipcCall = {
  selector:
    "CallExpression[callee.property.name=/^(handle|handleOnce|on|once)$/]:matches([callee.object.name='ipcMain'], [callee.object.property.name=/^(ipc|ipcMain)$/])",
  message: 'Only main/ipc/register.ts may handle messages of the page.',
};
const environment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'The environment is read in main/desktop.ts, main/cli, main/app and main/storage only.',
};
const unsafeShell = {
  selector: "Property[key.name='shell'][value.value=true]",
  message: 'Programs are started with a list of arguments, never through a shell.',
};
const notRun = {
  selector:
    'CallExpression > MemberExpression.callee[object.name=/^(test|it|describe|suite)$/][property.name=/^(only|skip|todo|fixme)$/]',
  message: 'No test is left out.',
};

const nodeModules = { regex: '^node:', message: 'Node is on the other side of the contract.' };
const anyElectron = { regex: '^electron(/|$)', message: electronDoor.message };

/**
 * @param {string[]} files
 * @param {{ paths?: object[], patterns?: object[], syntax?: object[], ignores?: string[] }} rules
 */
const door = (files, { paths = [], patterns = [], syntax = [], ignores = [] }) => ({
  files,
  ignores,
  rules: {
    'no-restricted-imports': ['error', { paths, patterns }],
    'no-restricted-syntax': ['error', ...always, ...syntax],
  },
});

const shared = door(['shared/**'], {
  patterns: [
    {
      regex: '^(?!\\.|zod$)',
      message: 'shared holds pure rules: its own files and zod, nothing else.',
    },
  ],
});

const preload = [
  door(['preload/**'], {
    patterns: [{ regex: '^(?!\\.|electron$)', message: 'The preload may require only Electron.' }],
  }),
  {
    files: ['preload/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['**/shared/**'],
              allowTypeImports: true,
              message: 'Only types: zod stays out of this bundle.',
            },
          ],
        },
      ],
      // Electron's types bring Node's along, so the compiler cannot refuse these here.
      'no-restricted-globals': [
        'error',
        'process',
        'Buffer',
        'require',
        'global',
        'module',
        '__dirname',
      ],
    },
  },
];

const renderer = door(['renderer/**'], {
  patterns: [anyElectron, nodeModules, ...packagePatterns('')],
  syntax: [
    {
      selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
      message: 'The page renders text, never markup that it was given.',
    },
  ],
});

const mainSyntax = [environment, ipcCall, unsafeShell];

/** From the general to the particular: the later config wins for a file that several name. */
const main = [
  door(['main/**'], {
    patterns: [anyElectron, ...packagePatterns('')],
    paths: [processDoor],
    syntax: mainSyntax,
  }),
  door(environmentFiles, {
    patterns: [anyElectron, ...packagePatterns('')],
    syntax: [ipcCall, unsafeShell],
  }),
  door(electronFiles, {
    patterns: packagePatterns(''),
    paths: [ipcMainDoor, processDoor],
    syntax: mainSyntax,
  }),
  door(['main/app/**'], {
    patterns: packagePatterns(''),
    paths: [ipcMainDoor],
    syntax: [ipcCall, unsafeShell],
  }),
  door(['main/desktop.ts'], { patterns: packagePatterns(''), syntax: [ipcCall, unsafeShell] }),
  door(['main/ipc/register.ts'], {
    patterns: packagePatterns(''),
    paths: [processDoor],
    syntax: [environment, unsafeShell],
  }),
  ...Object.entries(packageDoors).map(([name, files]) =>
    door(files, {
      patterns: [anyElectron, ...packagePatterns(name)],
      paths: [processDoor],
      syntax: mainSyntax,
    }),
  ),
];

const tests = {
  files: ['test/**'],
  rules: { 'no-restricted-syntax': ['error', ...always, notRun] },
};

export const doorConfigs = [shared, ...preload, renderer, ...main, tests];
