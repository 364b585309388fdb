/** Lays what is measured: `lay.mjs PARTS FOLDER RUNS RECORDS`: closed runs, and one long open one. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parse } from 'yaml';

const [partsFolder = '', folder = '', runs = '0', records = '0'] = process.argv.slice(2);
const part = (/** @type {string} */ name) =>
  import(pathToFileURL(join(partsFolder, `${name}.mjs`)).href);

const { GENESIS, hashLine } = await part('format');
const { Journal } = await part('journal');
const { dataPaths, makeDataFolders } = await part('paths');
const { Runbook } = await part('runbook');

const session = '11111111-1111-4111-8111-111111111111';
const template = fileURLToPath(new URL('../docker/runbook.yaml', import.meta.url));
const text = readFileSync(template, 'utf8').replaceAll('__SOCKET__', '/nowhere.sock');
const runbook = Runbook.parse(parse(text.replaceAll('__PORT__', '1')));
const [environment] = runbook.environments;
const started = {
  type: 'run.started',
  kind: 'drill',
  operator: 'operator',
  appVersion: '0.0.0',
  runbook,
  environment,
  procedureId: runbook.procedures[0].id,
  faults: [],
};
const paths = dataPaths(folder);
makeDataFolders(paths);

for (let number = 1; number <= Number(runs); number += 1) {
  const runId = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  const outcome = 'abandoned';
  lay(runId, [started, { type: 'run.closed', outcome, reason: 'bench', by: 'operator' }]);
}
const longId = '7f3a0000-0000-4000-8000-000000000001';
/** @type {object[]} */
const events = [started, { type: 'watch.started', seconds: 86_400, intervalSeconds: 1 }];
for (let index = events.length; index < Number(records); index += 1) {
  events.push(laterEvent(index));
}
const file = lay(longId, events);
const { journal, opened } = await Journal.open(file, { session, appVersion: '0.0.0' });
await journal.checkpoint(opened.state, '0.0.0');
await journal.close();

/** What a run that is watched for days is made of: samples for the most part. @param {number} index */
function laterEvent(index) {
  if (index % 10 === 0) {
    const to = index % 20 === 0 ? 'serving' : 'unhealthy';
    return { type: 'health.changed', to, detail: 'answers', sinceMonotonicMs: index * 1_000 };
  }
  if (index % 25 === 1) {
    return { type: 'note.added', text: `seen at ${index}`, by: 'operator' };
  }
  const sample = {
    atSeconds: index + 0.123,
    serving: 'serving',
    status: 200,
    milliseconds: 12.345,
    cpuPercent: 3.21,
    memoryBytes: 123_456_789,
    restarts: 0,
    newErrorLines: 0,
  };
  return { type: 'watch.sampled', sample };
}

/** @param {string} runId @param {readonly object[]} events */
function lay(runId, events) {
  const { folder: own, journal: file } = paths.run(runId);
  mkdirSync(own, { recursive: true });
  let prev = GENESIS;
  const lines = events.map((event, seq) => {
    const at = new Date(Date.UTC(2026, 0, 1) + seq * 1_000).toISOString();
    const record = { v: 1, runId, seq, prev, at, monotonicMs: seq * 1_000.123, session, event };
    const line = JSON.stringify(record);
    prev = hashLine(line);
    return line;
  });
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}
