import { AppError, toErrorJson } from '../../shared/errors/app-error.js';
import type { RunId, RunRecord } from '../../shared/run/events.js';
import { foldRecords } from '../../shared/run/fold.js';
import { isPackedState, unpackState } from '../../shared/run/pack-state.js';
import type { PackedState } from '../../shared/run/pack-state.js';
import type { Client } from '../ipc/client.js';
import { alignClock } from './page-clock.js';
import type { PageTime } from './page-clock.js';
import { fold } from './run-view.js';
import type { OpenRun, RunView } from './run-view.js';

export type MirrorDeps = {
  readonly client: Client;
  readonly pageTime: () => PageTime;
  readonly view: () => RunView;
  readonly show: (view: RunView) => void;
};

type Standing = Pick<OpenRun, 'isAttached' | 'owner' | 'problem' | 'lights' | 'clock'>;
type Journaled = Pick<OpenRun, 'run' | 'records' | 'older'>;
type ReadRun = { readonly journaled: Journaled; readonly standing: Standing };

/** Keeps the view of one run in step with main's journal, whatever order the pushes come in. */
export class RunMirror {
  /** Records that arrived ahead of their turn: while loading, or behind a gap. */
  #early: RunRecord[] = [];
  #opening = 0;
  #isHealing = false;
  readonly #deps: MirrorDeps;

  constructor(deps: MirrorDeps) {
    this.#deps = deps;
  }

  async open(runId: RunId): Promise<void> {
    const ticket = ++this.#opening;
    this.#early = [];
    this.#deps.show({ status: 'loading', runId });
    const next = await this.#load(runId);
    if (ticket !== this.#opening) {
      return;
    }
    this.#deps.show(next);
    this.#takeEarly();
    if (this.#early.length > 0) {
      await this.heal();
    }
  }

  close(): void {
    this.#opening += 1;
    this.#early = [];
    this.#deps.show({ status: 'closed' });
  }

  push(record: RunRecord): void {
    const view = this.#deps.view();
    if (view.status === 'loading' && view.runId === record.runId) {
      this.#early.push(record);
    } else if (view.status === 'open' && view.runId === record.runId) {
      this.#take(view, record);
    }
  }

  patch(runId: RunId, change: Partial<OpenRun>): void {
    const view = this.#openView(runId);
    if (view !== null) {
      this.#deps.show({ ...view, ...change });
    }
  }

  /** Nothing can be written down (or again it can); a journal that turned out broken is only read from here on. */
  async halt(runId: RunId, halted: OpenRun['halted']): Promise<void> {
    this.patch(runId, { halted });
    if (this.#openView(runId) !== null) {
      await this.heal();
    }
  }

  /** Reads what is missing, and who drives the run now. */
  async heal(): Promise<void> {
    const { view: viewNow, show } = this.#deps;
    const view = viewNow();
    if (this.#isHealing || view.status !== 'open') {
      return;
    }
    this.#isHealing = true;
    const { runId } = view;
    try {
      const { journaled, standing } = await this.#read(runId);
      const now = this.#openView(runId);
      if (now !== null) {
        show({ ...now, ...newer(now, journaled), ...standing });
      }
    } catch (thrown) {
      const now = this.#openView(runId);
      // While the disk is in trouble, what is on the screen is worth more than that it cannot be read again.
      if (now !== null && now.halted === null) {
        show({ status: 'unreadable', runId, error: toErrorJson(thrown) });
      }
    } finally {
      this.#isHealing = false;
    }
    this.#takeEarly();
  }

  /** Puts the next older piece of the journal before what is there. */
  async readOlder(): Promise<void> {
    const view = this.#deps.view();
    if (view.status !== 'open' || view.older === 0) {
      return;
    }
    const { runId, older: before } = view;
    const { records, older } = await this.#deps.client.request('runs.older', { runId, before });
    const now = this.#openView(runId);
    if (now?.older === before) {
      this.#deps.show({ ...now, records: [...records, ...now.records], older });
    }
  }

  #take(view: OpenRun, record: RunRecord): void {
    if (record.seq <= view.run.lastSeq) {
      return;
    }
    if (record.seq > view.run.lastSeq + 1) {
      this.#early.push(record);
      void this.heal();
      return;
    }
    this.#deps.show(fold(view, [record]));
    this.#takeEarly();
  }

  /** Folds what waited and is next in line; what lies behind a hole goes on waiting. */
  #takeEarly(): void {
    const view = this.#deps.view();
    if (view.status !== 'open' || this.#early.length === 0) {
      return;
    }
    const ready: RunRecord[] = [];
    let next = view.run.lastSeq + 1;
    for (const record of this.#early.toSorted((a, b) => a.seq - b.seq)) {
      if (record.seq === next) {
        ready.push(record);
        next += 1;
      }
    }
    this.#early = this.#early.filter(({ seq }) => seq > next);
    if (ready.length > 0) {
      this.#deps.show(fold(view, ready));
    }
  }

  #openView(runId: RunId): OpenRun | null {
    const view = this.#deps.view();
    return view.status === 'open' && view.runId === runId ? view : null;
  }

  async #load(runId: RunId): Promise<RunView> {
    try {
      const { journaled, standing } = await this.#read(runId);
      return { status: 'open', runId, probe: null, halted: null, ...journaled, ...standing };
    } catch (thrown) {
      return { status: 'unreadable', runId, error: toErrorJson(thrown) };
    }
  }

  async #read(runId: RunId): Promise<ReadRun> {
    const { client, pageTime } = this.#deps;
    const { clock, state, records, older, ...standing } = await client.request('runs.read', {
      runId,
    });
    const folded = unpackState(packedIn(state));
    const later = records.filter(({ seq }) => seq > folded.lastSeq);
    return {
      journaled: { run: foldRecords(later, folded), records, older },
      standing: { ...standing, clock: alignClock(clock, pageTime()) },
    };
  }
}

function packedIn(state: string): PackedState {
  const packed: unknown = JSON.parse(state);
  if (!isPackedState(packed)) {
    throw new AppError(
      'JOURNAL_BROKEN',
      'What was folded of the journal has not the outline of a state.',
    );
  }
  return packed;
}

/** What was pushed meanwhile may be further than what was read. */
function newer(now: OpenRun, read: Journaled): Journaled {
  const { lastSeq } = now.run;
  if (read.run.lastSeq <= lastSeq) {
    return now;
  }
  const missing = read.records.filter(({ seq }) => seq > lastSeq);
  return missing[0]?.seq === lastSeq + 1
    ? { ...read, records: [...now.records, ...missing], older: now.older }
    : read;
}
