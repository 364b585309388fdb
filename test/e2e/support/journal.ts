import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { RunEvent, RunRecord } from '../../../shared/run/events.js';
import { RunId } from '../../../shared/run/events.js';
import { expect } from './console.js';
import type { LaunchedConsole } from './console.js';

type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;

/** A journal as it lies on disk, read without any code of the product. */
export class OnDisk {
  readonly runId: RunId;
  readonly lines: readonly string[];
  readonly records: readonly RunRecord[];

  constructor(runId: RunId, text: string) {
    this.runId = runId;
    this.lines = text.split('\n').filter((line) => line !== '');
    this.records = this.lines.map((line) => JSON.parse(line) as RunRecord);
  }

  events<T extends RunEvent['type']>(type: T): readonly EventOf<T>[] {
    return this.records.flatMap(({ event }) => (event.type === type ? [event as EventOf<T>] : []));
  }

  get types(): readonly string[] {
    return this.records.map(({ event }) => event.type);
  }

  get outcome(): string | null {
    return this.events('run.closed')[0]?.outcome ?? null;
  }

  /** Steps by id, in the order in which they succeeded. */
  get succeeded(): readonly string[] {
    return this.events('step.succeeded').map(({ stepId }) => stepId);
  }

  get headHash(): string {
    return sha256(this.lines.at(-1) ?? '');
  }

  /** Nothing is missing and nothing was changed in the middle. */
  expectWhole(): void {
    expect(this.records.map(({ seq }) => seq)).toEqual(this.records.map((_, index) => index));
    const before = this.records.slice(1).map(({ prev }) => prev);
    expect(before).toEqual(this.lines.slice(0, -1).map(sha256));
  }
}

/** The folders of runs; what lies beside them is no run. */
export async function runIds({ paths }: LaunchedConsole): Promise<readonly RunId[]> {
  const names = await readdir(paths.runs);
  return names.flatMap((name) => RunId.safeParse(name).data ?? []);
}

/** The journal of the only run there is. */
export async function onlyJournal(lastgood: LaunchedConsole): Promise<OnDisk> {
  const ids = await runIds(lastgood);
  expect(ids).toHaveLength(1);
  return journalOf(lastgood, ids[0] as RunId);
}

/** The journal of the run that came after the `known` ones. */
export async function newJournal(
  lastgood: LaunchedConsole,
  known: readonly RunId[],
): Promise<OnDisk> {
  const fresh = (await runIds(lastgood)).filter((id) => !known.includes(id));
  expect(fresh).toHaveLength(1);
  return journalOf(lastgood, fresh[0] as RunId);
}

export async function journalOf({ paths }: LaunchedConsole, runId: RunId): Promise<OnDisk> {
  return new OnDisk(runId, await readFile(paths.run(runId).journal, 'utf8'));
}

function sha256(line: string): string {
  return createHash('sha256').update(line).digest('hex');
}
