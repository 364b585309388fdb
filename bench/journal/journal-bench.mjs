/** How long a long journal and a long list take to open, beside plain JSON.parse of the same lines. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChild } from '../../scripts/lib/child.mjs';
import { inCheckout } from '../../scripts/lib/places.mjs';
import { figureText, goalTable, ratioText, table } from '../lib/report.mjs';
import { rotated, spread } from '../lib/statistics.mjs';
import { buildParts } from './build.mjs';

const RECORDS = 100_000;
const RUNS = 10_000;
const OPEN_LIMIT_MS = 300;
const LIST_LIMIT_MS = 100;

/** @type {Record<string, string>} */
const tasks = {
  checkpoint: `a journal of ${RECORDS} records, opened with its checkpoint`,
  window: 'the same as the window gets it: state and newest records, from process to process',
  strict: 'the same without a checkpoint: every line and link checked, folded',
  records: 'the same, only read and checked',
  plain: 'the same lines through JSON.parse, unchecked (peer)',
  list: `the list of ${RUNS} runs from the index`,
};

/** @param {{ electron: string, rounds: number, say: (line: string) => void }} options */
export async function benchJournal({ electron, rounds, say }) {
  const parts = inCheckout('test-results', `bench-journal-${process.pid}`);
  const folder = mkdtempSync(join(tmpdir(), 'lastgood-bench-journal-'));
  /** @param {string} script @param {readonly string[]} args */
  const run = async (script, args) => {
    const program = fileURLToPath(new URL(script, import.meta.url));
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
    const { exitCode, stdout } = await runChild(electron, [program, parts, folder, ...args], {
      env,
      stdout: 'capture',
    });
    if (exitCode !== 0) {
      throw new Error(`${script} ${args.join(' ')} failed.`);
    }
    return stdout;
  };
  try {
    await buildParts(parts);
    await run('lay.mjs', [String(RUNS), String(RECORDS)]);
    /** @type {{ task: string, milliseconds: number }[]} */
    const measurements = [];
    const measure = async (/** @type {string} */ task) => {
      const { milliseconds } = JSON.parse(await run('measure.mjs', [task]));
      say(`${task}: ${Math.round(milliseconds)} ms`);
      measurements.push({ task, milliseconds });
    };
    await measure('list-anew');
    for (let round = 0; round < rounds; round += 1) {
      for (const task of rotated(Object.keys(tasks), round)) {
        await measure(task);
      }
    }
    const size = statSync(
      join(folder, 'runs', '7f3a0000-0000-4000-8000-000000000001', 'journal.jsonl'),
    ).size;
    return { ...reportOf(measurements, size), measurements };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(parts, { recursive: true, force: true });
  }
}

/** @param {readonly { task: string, milliseconds: number }[]} measurements @param {number} size */
function reportOf(measurements, size) {
  const of = (/** @type {string} */ task) =>
    spread(measurements.filter((each) => each.task === task).map((each) => each.milliseconds));
  const plain = of('plain').median;
  const rows = Object.entries(tasks).map(([task, name]) => [
    name,
    figureText(of(task), 'ms'),
    task === 'list' ? '' : ratioText(of(task).median, plain, 'the peer'),
  ]);
  const goals = [
    goal('open with a checkpoint', of('checkpoint').median, OPEN_LIMIT_MS, plain),
    goal('open in the window', of('window').median, OPEN_LIMIT_MS, plain),
    goal('list from the index', of('list').median, LIST_LIMIT_MS, null),
  ];
  const anew = `The index was made anew in ${Math.round(of('list-anew').median)} ms.`;
  const text = `${table([`${(size / 1e6).toFixed(0)} MB`, 'time', 'ratio'], rows)}\n\n${anew}\n\n${goalTable(goals)}`;
  return { text, goals };
}

/** @param {string} name @param {number} measured @param {number} limit @param {number | null} plain */
function goal(name, measured, limit, plain) {
  const ratio = plain === null ? '' : ratioText(measured, plain, 'the peer');
  return { name, measured, limit, unit: 'ms', ratio };
}
