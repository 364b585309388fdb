/** `measure.mjs PARTS FOLDER WHAT`: one measurement in a process of its own; prints the milliseconds. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { deserialize, serialize } from 'node:v8';

const [partsFolder = '', folder = '', what = ''] = process.argv.slice(2);
const part = (/** @type {string} */ name) =>
  import(pathToFileURL(join(partsFolder, `${name}.mjs`)).href);

const { dataPaths } = await part('paths');
const { openJournal } = await part('open');
const { readJournal } = await part('format');
const { RunFiles } = await part('run-files');
const { RunIndex } = await part('run-index');
const { RunList } = await part('run-list');
const { RunReader } = await part('run-reader');
const { packState, unpackState } = await part('pack-state');
const { createClock } = await part('clock');

const appVersion = '0.0.0';
const paths = dataPaths(folder);
const longId = '7f3a0000-0000-4000-8000-000000000001';
const file = paths.run(longId).journal;

/** @type {Record<string, () => Promise<unknown>>} */
const tasks = {
  checkpoint: () => openJournal(file, appVersion),
  window: () => openInWindow(),
  // Another version's checkpoint is passed over, so every line is read.
  strict: () => openJournal(file, 'another version'),
  records: async () => readJournal(await readFile(file)),
  // The peer: what reading the same file costs with no check at all.
  plain: async () =>
    (await readFile(file, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  list: () => list(),
  'list-anew': async () => {
    await rm(paths.runIndex, { force: true });
    return list();
  },
};

const session = '11111111-1111-4111-8111-111111111111';

/** What main does when the page asks for a run, the copy from process to process, and what the page makes of it. */
async function openInWindow() {
  const files = new RunFiles(paths, { session, appVersion });
  const reader = new RunReader({
    files,
    events: { halted: () => undefined },
    onFault: () => undefined,
  });
  const { state, ...rest } = await reader.read(longId, null);
  const answer = deserialize(serialize({ ...rest, state: JSON.stringify(packState(state)) }));
  const run = unpackState(JSON.parse(answer.state));
  milliseconds = performance.now() - begun;
  if (run.watch.samples.length !== state.watch.samples.length || answer.records.length === 0) {
    throw new Error('The page got another run.');
  }
}

async function list() {
  const runs = new RunList({
    files: new RunFiles(paths, { session, appVersion }),
    index: new RunIndex({ file: paths.runIndex, appVersion, say: () => undefined }),
    clock: createClock(),
  });
  const found = await runs.read(new Map());
  milliseconds = performance.now() - begun;
  await runs.dispose();
  return found;
}

/** @type {number | null} */
let milliseconds = null;
const task = tasks[what];
if (task === undefined) {
  throw new Error(`There is nothing called ${what} to measure.`);
}
const begun = performance.now();
await task();
milliseconds ??= performance.now() - begun;
process.stdout.write(JSON.stringify({ milliseconds }));
