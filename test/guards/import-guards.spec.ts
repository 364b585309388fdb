import { beforeAll, expect, test } from 'vitest';
import { anyFileOf, createLinter } from './linter.js';
import type { Linter } from './linter.js';

const zone = 'import-x/no-restricted-paths';
const door = 'no-restricted-imports';
const typesOnly = '@typescript-eslint/no-restricted-imports';

let linter: Linter;

beforeAll(() => {
  linter = createLinter();
});

/** The import of some real file of `folder`, as a file two folders deep would write it. */
const from = (folder: string): string => `import * as other from '../../${anyFileOf(folder)}';`;

test.each([
  ['shared/run', 'main/engine'],
  ['shared/run', 'renderer/ui'],
  ['renderer/home', 'main/runs'],
  ['renderer/home', 'preload'],
  ['renderer/home', 'renderer/decide'],
  ['renderer/home', 'renderer/ipc'],
  ['renderer/stores', 'renderer/ui'],
  ['renderer/ui', 'renderer/stores'],
  ['main/engine', 'main/steps'],
  ['main/engine', 'renderer/ui'],
  ['main/steps', 'main/runs'],
  ['main/connections', 'main/storage'],
  ['main/runs', 'main/range'],
  ['main/runs', 'main/ipc'],
  ['main/ipc', 'main/range'],
  ['main/ipc', 'main/engine'],
  ['main/app', 'main/range'],
  ['main/range', 'main/runs'],
  ['main/cli', 'main/ipc'],
  ['main/runs', 'test/fakes'],
])('%s may not import %s', async (importer, imported) => {
  const rules = await linter.rulesAgainst(`${importer}/breach.ts`, from(imported));
  expect(rules).toContain(zone);
});

test.each([
  ['main/steps/breach.ts', '../connections/docker-adapter.js'],
  ['main/range/breach.ts', '../connections/docker-adapter.js'],
  ['main/runs/breach.ts', '../connections/docker-adapter.js'],
  ['preload/breach.ts', '../shared/run/reduce.js'],
])('%s may not import %s', async (importer, imported) => {
  const rules = await linter.rulesAgainst(importer, `import * as other from '${imported}';`);
  expect(rules).toContain(zone);
});

test.each([
  ['main/cli/fine.ts', from('main/range')],
  [
    'main/desktop.ts',
    `import * as other from './${anyFileOf('main/range').slice('main/'.length)}';`,
  ],
  ['main/steps/fine.ts', "import type { DockerPort } from '../connections/ports.js';"],
  ['main/runs/fine.ts', from('main/engine')],
  ['renderer/home/fine.ts', from('renderer/stores')],
  ['renderer/home/fine.ts', from('shared/run')],
])('%s may import what its zone allows', async (importer, code) => {
  const rules = await linter.rulesAgainst(importer, code);
  expect(rules).not.toContain(zone);
});

test.each([
  ['shared/run/breach.ts', 'node:fs'],
  ['shared/run/breach.ts', 'electron'],
  ['shared/run/breach.ts', 'react'],
  ['renderer/home/breach.ts', 'electron'],
  ['renderer/home/breach.ts', 'node:fs'],
  ['preload/breach.ts', 'zod'],
  ['preload/breach.ts', 'node:fs'],
  ['main/engine/breach.ts', 'electron'],
  ['main/runs/breach.ts', 'electron'],
  ['main/cli/breach.ts', 'electron'],
  ['main/range/breach.ts', 'electron'],
  ['main/runs/breach.ts', 'docker-modem'],
  ['main/desktop.ts', 'docker-modem'],
  ['main/app/breach.ts', 'docker-modem'],
  ['main/range/breach.ts', 'docker-modem'],
  ['main/connections/docker-adapter.ts', 'ssh2'],
  ['main/connections/docker-adapter.ts', 'electron'],
  ['main/steps/breach.ts', 'ssh2'],
  ['main/range/breach.ts', 'ssh2'],
  ['main/runs/breach.ts', 'ssh2/lib/client.js'],
  ['main/connections/ssh-adapter.ts', 'pg'],
  ['main/connections/ssh/ssh2-line.ts', 'ssh2'],
  ['main/connections/ssh/plan.ts', 'ssh-config'],
  ['main/storage/breach.ts', 'pg'],
  ['main/runs/breach.ts', 'node:process'],
])('%s may not import the package %s', async (importer, name) => {
  const rules = await linter.rulesAgainst(importer, `import * as other from '${name}';`);
  expect(rules).toContain(door);
});

test.each([
  ['main/connections/docker-adapter.ts', 'docker-modem'],
  ['main/connections/ssh-adapter.ts', 'ssh2'],
  ['main/range/ssh-server.ts', 'ssh2'],
  ['main/connections/ssh/settings-by-files.ts', 'ssh-config'],
  ['main/connections/postgres-adapter.ts', 'pg'],
  ['main/app/window.ts', 'electron'],
  ['main/desktop.ts', 'electron'],
  ['preload/index.ts', 'electron'],
  ['shared/run/fine.ts', 'zod'],
])('%s holds the door of %s', async (importer, name) => {
  const rules = await linter.rulesAgainst(importer, `import { one } from '${name}';`);
  expect(rules).not.toContain(door);
});

test('only types of the contract reach the preload', async () => {
  const value = "import { contract } from '../shared/ipc/contract.js';";
  const type = "import type { Bridge } from '../shared/ipc/contract.js';";
  expect(await linter.rulesAgainst('preload/breach.ts', value)).toContain(typesOnly);
  expect(await linter.rulesAgainst('preload/fine.ts', type)).not.toContain(typesOnly);
});

test('ipcMain is imported by register.ts and handed over by desktop.ts, and by nobody else', async () => {
  const code = "import { ipcMain } from 'electron';";
  expect(await linter.rulesAgainst('main/ipc/handlers.ts', code)).toContain(door);
  expect(await linter.rulesAgainst('main/app/window.ts', code)).toContain(door);
  expect(await linter.rulesAgainst('main/ipc/register.ts', code)).not.toContain(door);
  expect(await linter.rulesAgainst('main/desktop.ts', code)).not.toContain(door);
});

test('two files may not import each other', async () => {
  // The contract imports the run's events; so the events may not import the contract.
  const code = "import { contract } from '../ipc/contract.js';\nexport const again = contract;";
  expect(await linter.rulesAgainst('shared/run/events.ts', code)).toContain('import-x/no-cycle');
});
