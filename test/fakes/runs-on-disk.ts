import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { DataPaths } from '../../main/storage/data-paths.js';
import { RunId } from '../../shared/run/events.js';
import type { RunEvent } from '../../shared/run/events.js';
import { chained } from './chained.js';
import { readyToExecute } from './sample-run.js';

export const closed: RunEvent = {
  type: 'run.closed',
  outcome: 'abandoned',
  reason: 'not needed',
  by: 'operator',
};

export function runIdOf(number: number): RunId {
  return RunId.parse(`00000000-0000-4000-8000-${String(number).padStart(12, '0')}`);
}

export function layRun(paths: DataPaths, runId: RunId, later: readonly RunEvent[] = []): string {
  return layLines(paths, runId, chained([...readyToExecute(), ...later], runId));
}

export function layLines(paths: DataPaths, runId: RunId, lines: readonly string[]): string {
  const { folder, journal } = paths.run(runId);
  mkdirSync(folder, { recursive: true });
  writeFileSync(journal, lines.map((line) => `${line}\n`).join(''));
  return journal;
}

/** Adds to a journal behind everybody's back. */
export function addEvent(paths: DataPaths, runId: RunId, event: RunEvent): void {
  const lines = chained([...readyToExecute(), event], runId);
  appendFileSync(path.join(paths.run(runId).folder, 'journal.jsonl'), `${String(lines.at(-1))}\n`);
}
