import { beforeAll, expect, test } from 'vitest';
import { compileIn } from './compiler.js';
import type { Complaints } from './compiler.js';

/** TypeScript's ways of saying that a name or a module is not known here. */
const unknownNames = [2304, 2307, 2552, 2580, 2584, 2591];

const name = (word: string): string => `export const taken = ${word};`;
const fromNode = "export { readFileSync } from 'node:fs';";

/** [folder, what it must not know, the code that uses it] */
const foreign: readonly (readonly [string, string, string])[] = [
  ['shared', 'process', name('process')],
  ['shared', 'Buffer', name('Buffer')],
  ['shared', 'document', name('document')],
  ['shared', 'window', name('window')],
  ['shared', 'setTimeout', name('setTimeout')],
  ['shared', 'node:fs', fromNode],
  ['preload', 'document', name('document')],
  ['renderer', 'process', name('process')],
  ['renderer', 'Buffer', name('Buffer')],
  ['renderer', '__dirname', name('__dirname')],
  ['renderer', 'node:fs', fromNode],
  ['main', 'document', name('document')],
  ['main', 'window', name('window')],
];

const native: readonly (readonly [string, string])[] = [
  ['shared', "export const a = new URL('https://example.org').host;"],
  ['renderer', 'export const a = document.title;'],
  ['main', 'export const a = process.pid;'],
];

/** [what, the code, TypeScript's number for its refusal] */
const loose: readonly (readonly [string, string, number])[] = [
  ['an enum', 'export enum A { b }', 1294],
  ['an element that may be missing', 'export const a = (b: string[]): string => b[0];', 2322],
  ['an undefined where a key may be absent', 'export const a: { b?: 1 } = { b: undefined };', 2375],
  [
    'an override that is not named so',
    'class A { b() {} }\nexport class C extends A { b() {} }',
    4114,
  ],
  ['a type imported as a value', "import { Json } from './json.js';\nexport type A = Json;", 1484],
];

const complaints = new Map<string, Complaints>();
const told = (folder: string, code: string) => complaints.get(folder)?.(code) ?? [];

beforeAll(() => {
  for (const folder of ['shared', 'preload', 'renderer', 'main']) {
    const codes = [...foreign, ...native].filter(([where]) => where === folder);
    const extra = folder === 'shared' ? loose.map(([, code]) => code) : [];
    complaints.set(folder, compileIn(folder, [...codes.map((row) => row.at(-1) ?? ''), ...extra]));
  }
});

test.each(foreign)('%s does not know %s', (folder, _name, code) => {
  expect(unknownNames).toContain(told(folder, code)[0]);
});

test.each(loose)('refuses %s', (_what, code, number) => {
  expect(told('shared', code)).toContain(number);
});

test.each(native)('%s knows its own world', (folder, code) => {
  expect(told(folder, code)).toEqual([]);
});
