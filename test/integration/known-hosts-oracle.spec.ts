import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  entriesFor,
  fingerprintOf,
  formatKnownHost,
  knownHostName,
  parseKnownHosts,
} from '../../main/connections/ssh/known-hosts.js';
import { fingerprint, makeKey, publicLine } from './private-sshd.js';

/** `ssh-keygen` reads the same files in its own way: what it finds is what we must find. */
let folder: string;
let keys: readonly string[];

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lastgood-oracle-'));
  keys = (['ed25519', 'ecdsa', 'rsa'] as const).map((type) =>
    makeKey(path.join(folder, type), type),
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function linesFound(file: string, name: string): readonly number[] {
  const { stdout } = spawnSync('ssh-keygen', ['-F', name, '-f', file], { encoding: 'utf8' });
  return [...stdout.matchAll(/found: line (\d+)/g)].map(([, line]) => Number(line));
}

function linesOurs(text: string, name: string): readonly number[] {
  const found = entriesFor(parseKnownHosts(text, 'file'), name);
  return found.map(({ where }) => Number(where.split(':').at(-1)));
}

const names = [
  'app-1.example.com',
  'app-2.example.com',
  '[app-1.example.com]:2222',
  '10.0.0.7',
  'bastion',
];
const patterns = [
  ...names,
  '*.example.com',
  'app-?.example.com',
  '!app-2.example.com',
  '*',
  '[*.example.com]:2222',
  '10.0.0.*',
  '!bastion',
  'APP-1.example.com',
];
const line = fc.record({
  marker: fc.constantFrom('', '', '', '@revoked ', '@cert-authority '),
  hosts: fc.array(fc.constantFrom(...patterns), { minLength: 1, maxLength: 3 }),
  key: fc.nat(2),
  gap: fc.constantFrom(' ', '\t', '  '),
  comment: fc.constantFrom('', ' somebody@somewhere', ' # odd'),
});

test('finds the lines that ssh-keygen finds, whatever names and patterns a file holds', () => {
  const file = path.join(folder, 'random');
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 8 }),
      fc.constantFrom(...names),
      (lines, name) => {
        const rows = lines.map(
          ({ marker, hosts, key, gap, comment }) =>
            `${marker}${hosts.join(',')}${gap}${publicLine(keys[key]!)}${comment}`,
        );
        const text = ['# a comment', '', ...rows].join('\n');
        writeFileSync(file, `${text}\n`);
        expect(linesOurs(text, name)).toEqual(linesFound(file, name));
      },
    ),
    { numRuns: 150 },
  );
});

test('reads the names that ssh-keygen has hashed', () => {
  const file = path.join(folder, 'hashed');
  writeFileSync(file, names.map((name) => `${name} ${publicLine(keys[0]!)}\n`).join(''));
  execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' });
  const text = readFileSync(file, 'utf8');
  expect(text).not.toContain('example.com');
  for (const name of names) {
    expect(linesOurs(text, name)).toEqual(linesFound(file, name));
    expect(linesOurs(text, name)).toHaveLength(1);
  }
  expect(linesOurs(text, 'app-3.example.com')).toEqual([]);
});

test.each([true, false])('writes lines that ssh-keygen finds (hashed: %j)', (hashed) => {
  const file = path.join(folder, 'written');
  const key = Buffer.from(publicLine(keys[1]!).split(' ')[1]!, 'base64');
  const name = knownHostName('App-1.example.com', 2222);
  writeFileSync(file, formatKnownHost(name, key, hashed));
  expect(readFileSync(file, 'utf8').startsWith('|1|')).toBe(hashed);
  expect(linesFound(file, '[app-1.example.com]:2222')).toEqual([1]);
  expect(linesFound(file, 'app-1.example.com')).toEqual([]);
});

test('shows the fingerprint that ssh-keygen shows', () => {
  for (const key of keys) {
    const blob = Buffer.from(publicLine(key).split(' ')[1]!, 'base64');
    expect(fingerprintOf(blob)).toBe(fingerprint(key));
  }
});
