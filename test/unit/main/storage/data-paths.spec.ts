import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import {
  dataPaths,
  dataRoot,
  makeDataFolders,
  makeRunFolders,
} from '../../../../main/storage/data-paths.js';
import { RunId } from '../../../../shared/run/events.js';

const linux = { env: {}, platform: 'linux', home: '/home/ana', cwd: '/elsewhere' } as const;
const made: string[] = [];

afterEach(() => {
  for (const folder of made.splice(0)) {
    rmSync(folder, { recursive: true });
  }
});

test.each([
  ['Linux without XDG', linux, '/home/ana/.local/share/lastgood'],
  ['Linux with XDG', { ...linux, env: { XDG_DATA_HOME: '/data' } }, '/data/lastgood'],
  [
    'a relative XDG folder, which counts as unset',
    { ...linux, env: { XDG_DATA_HOME: 'data' } },
    '/home/ana/.local/share/lastgood',
  ],
  [
    'macOS',
    { ...linux, platform: 'darwin', home: '/Users/ana' },
    '/Users/ana/Library/Application Support/Lastgood',
  ],
  [
    'Windows',
    { ...linux, platform: 'win32', env: { APPDATA: 'C:\\Users\\ana\\AppData\\Roaming' } },
    'C:\\Users\\ana\\AppData\\Roaming\\Lastgood',
  ],
  [
    'Windows without APPDATA',
    { ...linux, platform: 'win32', home: 'C:\\Users\\ana' },
    'C:\\Users\\ana\\AppData\\Roaming\\Lastgood',
  ],
  [
    'LASTGOOD_HOME',
    { ...linux, env: { LASTGOOD_HOME: '/tmp/lg', XDG_DATA_HOME: '/d' } },
    '/tmp/lg',
  ],
  ['a relative LASTGOOD_HOME', { ...linux, env: { LASTGOOD_HOME: 'here' } }, '/elsewhere/here'],
  [
    'an empty LASTGOOD_HOME, which counts as unset',
    { ...linux, env: { LASTGOOD_HOME: ' ' } },
    '/home/ana/.local/share/lastgood',
  ],
] as const)('finds the data folder for %s', (_name, place, expected) => {
  expect(dataRoot(place)).toBe(expected);
});

test('keeps everything of a run in the folder of that run', () => {
  const runId = RunId.parse('00000000-0000-4000-8000-000000000000');
  const { folder, journal, log, reports } = dataPaths('/data').run(runId);
  expect(journal).toBe(`/data/runs/${runId}/journal.jsonl`);
  expect([path.dirname(log), path.dirname(reports)]).toEqual([folder, folder]);
});

test('makes folders that nobody but the owner may read', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'lastgood-paths-'));
  made.push(home);
  const paths = dataPaths(path.join(home, 'data'));
  const run = paths.run(RunId.parse('00000000-0000-4000-8000-000000000001'));
  makeDataFolders(paths);
  makeRunFolders(run);
  makeDataFolders(paths);

  for (const folder of [paths.root, paths.runs, paths.range, run.folder, run.reports]) {
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  }
});
