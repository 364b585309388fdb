import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { AppError, toErrorJson } from '../../shared/errors/app-error.js';
import type { ErrorJson } from '../../shared/errors/app-error.js';
import type { Light, Probe } from '../../shared/ipc/views.js';
import type { RunCommand } from '../../shared/run/commands.js';
import type { RunId, RunRecord } from '../../shared/run/events.js';
import { emptyRun, reduce } from '../../shared/run/reduce.js';
import type { Moment, RunState } from '../../shared/run/state.js';
import type { Client } from '../ipc/client.js';
import { alignClock, momentAt, readPageTime } from './page-clock.js';
import type { PageClock, PageTime } from './page-clock.js';

export type OpenRun = {
  readonly status: 'open';
  readonly runId: RunId;
  readonly run: RunState;
  /** Every record folded into `run`, for the timeline. */
  readonly records: readonly RunRecord[];
  /** False for a run that another console left behind: it can be read, not driven. */
  readonly isAttached: boolean;
  readonly lights: readonly Light[];
  readonly probe: Probe | null;
  readonly clock: PageClock;
};

export type RunView =
  | { readonly status: 'closed' }
  | { readonly status: 'loading'; readonly runId: RunId }
  | { readonly status: 'unreadable'; readonly runId: RunId; readonly error: ErrorJson }
  | OpenRun;

export type RunStore = {
  readonly view: RunView;
  open(runId: RunId): Promise<void>;
  close(): void;
  send(command: RunCommand): Promise<void>;
  /** The operator takes up a run that a console left behind. */
  resume(): Promise<void>;
  /** Main's clocks now; meters count from the journal's own moments. */
  nowMoment(): Moment;
};

/**
 * Mirrors one run of the main process. It folds the same records with the same reducer, so it cannot
 * disagree with main; a gap in `seq` means a missed push and is healed by reading from the gap on.
 */
export function createRunStore(
  client: Client,
  pageTime: () => PageTime = readPageTime,
): StoreApi<RunStore> {
  return createStore<RunStore>()((set, get) => {
    /** Records that arrived ahead of their turn: while loading, or behind a gap. */
    let early: RunRecord[] = [];
    let opening = 0;
    let isHealing = false;

    client.subscribe('runs.appended', (record) => {
      const { view } = get();
      if (view.status === 'loading' && view.runId === record.runId) {
        early.push(record);
      } else if (view.status === 'open' && view.runId === record.runId) {
        take(view, record);
      }
    });
    client.subscribe('runs.lit', ({ runId, lights }) => {
      patchOpen(runId, { lights });
    });
    client.subscribe('runs.probed', ({ runId, probe }) => {
      patchOpen(runId, { probe });
    });

    return {
      view: { status: 'closed' },

      async open(runId) {
        const ticket = ++opening;
        early = [];
        set({ view: { status: 'loading', runId } });
        const next = await load(runId);
        if (ticket === opening) {
          set({ view: next });
          takeEarly();
          if (early.length > 0) {
            void heal();
          }
        }
      },

      close() {
        opening += 1;
        early = [];
        set({ view: { status: 'closed' } });
      },

      async send(command) {
        await client.request('runs.command', { runId: openRun().runId, command });
      },

      async resume() {
        const { runId } = openRun();
        await client.request('runs.resume', { runId });
        await heal();
      },

      nowMoment() {
        const { view } = get();
        const clock =
          view.status === 'open'
            ? view.clock
            : { wallOffsetMs: 0, monotonicOffsetMs: 0, session: '' };
        return momentAt(clock, pageTime());
      },
    };

    function openRun(): OpenRun {
      const { view } = get();
      if (view.status !== 'open') {
        throw new AppError('RUN_NOT_FOUND', 'No run is open on this page.');
      }
      return view;
    }

    function patchOpen(runId: RunId, change: Partial<OpenRun>): void {
      const { view } = get();
      if (view.status === 'open' && view.runId === runId) {
        set({ view: { ...view, ...change } });
      }
    }

    function take(view: OpenRun, record: RunRecord): void {
      if (record.seq <= view.run.lastSeq) {
        return;
      }
      if (record.seq > view.run.lastSeq + 1) {
        early.push(record);
        void heal();
        return;
      }
      set({ view: fold(view, [record]) });
      takeEarly();
    }

    /** Folds what waited and is next in line; what lies behind a hole goes on waiting. */
    function takeEarly(): void {
      const { view } = get();
      if (view.status !== 'open' || early.length === 0) {
        return;
      }
      const ready: RunRecord[] = [];
      let next = view.run.lastSeq + 1;
      for (const record of early.toSorted((a, b) => a.seq - b.seq)) {
        if (record.seq === next) {
          ready.push(record);
          next += 1;
        }
      }
      early = early.filter(({ seq }) => seq > next);
      if (ready.length > 0) {
        set({ view: fold(view, ready) });
      }
    }

    async function heal(): Promise<void> {
      const { view } = get();
      if (isHealing || view.status !== 'open') {
        return;
      }
      isHealing = true;
      const { runId } = view;
      try {
        const answer = await read(runId, view.run.lastSeq + 1);
        const now = get().view;
        if (now.status === 'open' && now.runId === runId) {
          const missing = answer.records.filter(({ seq }) => seq > now.run.lastSeq);
          const { isAttached, lights, clock } = answer;
          set({ view: { ...fold(now, missing), isAttached, lights, clock } });
        }
      } catch (thrown) {
        if (isStillOpen(runId)) {
          set({ view: { status: 'unreadable', runId, error: toErrorJson(thrown) } });
        }
      } finally {
        isHealing = false;
      }
      takeEarly();
    }

    function isStillOpen(runId: RunId): boolean {
      const { view } = get();
      return view.status === 'open' && view.runId === runId;
    }

    async function load(runId: RunId): Promise<RunView> {
      try {
        const { records, isAttached, lights, clock } = await read(runId, 0);
        const empty: OpenRun = {
          status: 'open',
          runId,
          run: emptyRun,
          records: [],
          isAttached,
          lights,
          probe: null,
          clock,
        };
        return fold(empty, records);
      } catch (thrown) {
        return { status: 'unreadable', runId, error: toErrorJson(thrown) };
      }
    }

    async function read(runId: RunId, fromSeq: number) {
      const answer = await client.request('runs.read', { runId, fromSeq });
      return { ...answer, clock: alignClock(answer.clock, pageTime()) };
    }
  });
}

function fold(view: OpenRun, added: readonly RunRecord[]): OpenRun {
  return {
    ...view,
    run: added.reduce(reduce, view.run),
    records: [...view.records, ...added],
  };
}
