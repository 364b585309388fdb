/** What the journal on disk says, read without the product's own reader. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * @typedef {{ at: string, event: { type: string, stepId?: string, [key: string]: unknown } }} JournalRecord
 */

/** @param {string} home @param {string} runId @returns {Promise<JournalRecord[]>} */
export async function readJournal(home, runId) {
  const file = join(home, 'runs', runId, 'journal.jsonl');
  const text = await readFile(file, 'utf8').catch(() => '');
  // A line without its end is one that the kill tore: nothing was done on its word.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** @param {string} home @returns {Promise<string[]>} */
export async function runIds(home) {
  const names = await readdir(join(home, 'runs')).catch(() => []);
  return names.filter((name) => /^[0-9a-f-]{36}$/u.test(name));
}

/** Where in the run the process was, in the words of the table. @param {readonly JournalRecord[]} records */
export function placeOf(records) {
  const types = records.map(({ event }) => event.type);
  if (types.length === 0) {
    return 'before the run';
  }
  if (types.includes('run.closed')) {
    return 'after the close';
  }
  const last = records.findLast(({ event }) => isOfStep(event));
  if (last !== undefined && last.event.type === 'step.started') {
    return `in ${last.event.stepId}`;
  }
  if (types.includes('rollback.completed')) {
    return 'in the watch';
  }
  if (last !== undefined) {
    return `after ${last.event.stepId}`;
  }
  return types.includes('rollback.ordered') ? 'preparing' : 'deciding';
}

/** @param {JournalRecord['event']} event */
const isOfStep = ({ type }) => /^step\.(started|succeeded|failed|unknown|settled)$/u.test(type);
