import { beforeAll, expect, test } from 'vitest';
import { createLinter } from './linter.js';
import type { Linter } from './linter.js';

const syntax = 'no-restricted-syntax';

let linter: Linter;

beforeAll(() => {
  linter = createLinter();
});

const branches = Array.from({ length: 13 }, (_, index) => `if (n === ${String(index)}) return;`);

test.each([
  ['a default export', 'shared/run/breach.ts', 'export default 1;', 'import-x/no-default-export'],
  ['the environment', 'main/runs/breach.ts', 'export const a = process.env.HOME;', syntax],
  ['the environment', 'main/connections/breach.ts', 'export const a = process.env;', syntax],
  ['a second handler', 'main/desktop.ts', "ipcMain.handle('a', () => 1);", syntax],
  ['a handler by page', 'main/app/breach.ts', "contents.ipc.on('a', () => {});", syntax],
  ['a handler by hand', 'main/ipc/breach.ts', "deps.ipcMain.handle('a', () => 1);", syntax],
  ['a shell', 'main/connections/breach.ts', "spawn('a', { shell: true });", syntax],
  ['a redirection that ends the shell', 'main/steps/breach.ts', 'f(`[ -e a ] || : >a`);', syntax],
  ['an interface of data', 'shared/run/breach.ts', 'export interface A { b: string }', syntax],
  ['process', 'preload/breach.ts', 'export const a = process.argv;', 'no-restricted-globals'],
  ['require', 'preload/breach.ts', "require('fs');", 'no-restricted-globals'],
  [
    'raw markup',
    'renderer/ui/Breach.tsx',
    'export const a = <p dangerouslySetInnerHTML={b} />;',
    syntax,
  ],
  [
    'a hook under a condition',
    'renderer/ui/Breach.tsx',
    'export function A() { if (b) useState(1); return null; }',
    'react-hooks/rules-of-hooks',
  ],
  ['the console', 'main/runs/breach.ts', "console.log('a');", 'no-console'],
  ['a note to self', 'shared/run/breach.ts', '// TODO later', 'no-warning-comments'],
  ['a skipped test', 'test/unit/breach.spec.ts', "test.skip('a', () => {});", syntax],
  ['a test alone', 'test/unit/breach.spec.ts', "test.only('a', () => {});", syntax],
  ['a camel-case file', 'shared/run/myBreach.ts', 'export const a = 1;', 'house/file-names'],
  ['a long file', 'shared/run/breach.ts', 'export {};\n'.repeat(301), 'max-lines'],
  [
    'a long function',
    'shared/run/breach.ts',
    `export function a() {${'\nb();'.repeat(61)}\n}`,
    'max-lines-per-function',
  ],
  [
    'a tangled function',
    'shared/run/breach.ts',
    `export function a(n: number) { ${branches.join(' ')} }`,
    'complexity',
  ],
])('refuses %s in %s', async (_what, file, code, rule) => {
  expect(await linter.rulesAgainst(file, code)).toContain(rule);
});

test.each([
  ['the environment', 'main/storage/data-paths.ts', 'export const a = process.env.HOME;', syntax],
  ['the environment', 'main/cli/main.ts', 'export const a = process.env.HOME;', syntax],
  ['the one handler', 'main/ipc/register.ts', "deps.ipcMain.handle('a', () => 1);", syntax],
  ['a redirection that fails', 'main/steps/breach.ts', 'f(`[ -e a ] || true >a`);', syntax],
  ['a port', 'main/connections/ports.ts', 'export interface A { b(): void }', syntax],
  ['a default export', 'vitest.config.ts', 'export default 1;', 'import-x/no-default-export'],
])('lets %s through in %s', async (_what, file, code, rule) => {
  expect(await linter.rulesAgainst(file, code)).not.toContain(rule);
});
