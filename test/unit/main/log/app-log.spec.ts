import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openAppLog } from '../../../../main/log/app-log.js';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lastgood-log-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const now = () => new Date('2026-01-02T03:04:05.678Z');
const redact = (text: string) => text.replaceAll('hunter2', '***');

function entries(file: string): unknown[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as unknown);
}

test('writes one object a line, at once', () => {
  const file = path.join(folder, 'log', 'app.log');
  const log = openAppLog({ file, redact, now });
  log.info('started', { version: '1' });
  log.warn('two\nlines');
  expect(entries(file)).toEqual([
    { at: '2026-01-02T03:04:05.678Z', level: 'info', message: 'started', version: '1' },
    { at: '2026-01-02T03:04:05.678Z', level: 'warn', message: 'two\nlines' },
  ]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('takes secrets out of messages, fields, stacks and causes', () => {
  const file = path.join(folder, 'app.log');
  const thrown = new Error('hunter2 refused', { cause: new Error('because hunter2') });
  openAppLog({ file, redact, now }).error('login with hunter2', thrown, { password: 'hunter2' });
  const text = readFileSync(file, 'utf8');
  expect(text).not.toContain('hunter2');
  expect(text).toContain('because ***');
  expect(text).toContain('app-log.spec');
});

test('goes on in a new file when the first is full, and keeps as many as asked', () => {
  const file = path.join(folder, 'app.log');
  const log = openAppLog({ file, redact, now, maxBytes: 300, keptFiles: 2 });
  for (let index = 0; index < 40; index += 1) {
    log.info(`line ${String(index)}`);
  }
  expect(readdirSync(folder).sort()).toEqual(['app.log', 'app.log.1', 'app.log.2']);
  expect(statSync(file).size).toBeLessThanOrEqual(300);
  const kept = [`${file}.2`, `${file}.1`, file].flatMap(entries);
  expect(kept.at(-1)).toMatchObject({ message: 'line 39' });
  expect(kept.length).toBeGreaterThan(6);
});

test('never throws, whatever is thrown at it and wherever it should write', () => {
  writeFileSync(path.join(folder, 'file'), '');
  const log = openAppLog({ file: path.join(folder, 'file', 'app.log'), redact, now });
  expect(() => {
    log.error('bad place', 'not an error');
  }).not.toThrow();
});
