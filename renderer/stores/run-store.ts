import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { AppError } from '../../shared/errors/app-error.js';
import type { RunCommand } from '../../shared/run/commands.js';
import type { RunId } from '../../shared/run/events.js';
import type { Moment } from '../../shared/run/state.js';
import type { Client } from '../ipc/client.js';
import { momentAt, readPageTime } from './page-clock.js';
import type { PageTime } from './page-clock.js';
import { RunMirror } from './run-mirror.js';
import type { OpenRun, RunView } from './run-view.js';

export type { OpenRun, RunView } from './run-view.js';

export type RunStore = {
  readonly view: RunView;
  readonly open: (runId: RunId) => Promise<void>;
  readonly close: () => void;
  readonly send: (command: RunCommand) => Promise<void>;
  /** The next older piece of a long journal, for the timeline. */
  readonly readOlder: () => Promise<void>;
  /** The operator takes up a run that a console left behind. */
  readonly resume: () => Promise<void>;
  /** Main asks where the file is to lie; where the operator chooses none, nothing happens. */
  readonly handOver: (to: string) => Promise<void>;
  /** A closed run's journal, for the console it came from. */
  readonly giveBack: () => Promise<void>;
  /** `why` becomes a note in the journal. */
  readonly takeBack: (why: string) => Promise<void>;
  /** Main's clocks now; meters count from the journal's own moments. */
  readonly nowMoment: () => Moment;
};

const ownClock = { wallOffsetMs: 0, monotonicOffsetMs: 0, session: '' };

/**
 * Mirrors one run of the main process. It folds the same records with the same reducer, so it cannot
 * disagree with main; a gap in `seq` means a missed push and is healed by reading from the gap on.
 */
export function createRunStore(
  client: Client,
  pageTime: () => PageTime = readPageTime,
): StoreApi<RunStore> {
  return createStore<RunStore>()((set, get) => {
    const mirror = new RunMirror({
      client,
      pageTime,
      view: () => get().view,
      show: (view) => {
        set({ view });
      },
    });
    listen(client, mirror);
    return {
      view: { status: 'closed' },
      open: (runId) => mirror.open(runId),
      close: () => {
        mirror.close();
      },
      readOlder: () => mirror.readOlder(),
      send: async (command) => {
        await client.request('runs.command', { runId: opened(get().view).runId, command });
      },
      resume: async () => {
        await client.request('runs.resume', { runId: opened(get().view).runId });
        await mirror.heal();
      },
      handOver: async (to) => {
        const { runId } = opened(get().view);
        try {
          await client.request('runs.handOver', { runId, to });
        } finally {
          // It may have been handed over without a file: then the page must show that.
          await mirror.heal();
        }
      },
      giveBack: async () => {
        await client.request('runs.giveBack', { runId: opened(get().view).runId });
      },
      takeBack: async (why) => {
        const { runId } = opened(get().view);
        await client.request('runs.takeBack', { runId });
        await mirror.heal();
        const text = `Taken back: ${why}`;
        await client.request('runs.command', { runId, command: { type: 'note', text } });
      },
      nowMoment: () => {
        const { view } = get();
        return momentAt(view.status === 'open' ? view.clock : ownClock, pageTime());
      },
    };
  });
}

function opened(view: RunView): OpenRun {
  if (view.status !== 'open') {
    throw new AppError('RUN_NOT_FOUND', 'No run is open on this page.');
  }
  return view;
}

function listen(client: Client, mirror: RunMirror): void {
  client.subscribe('runs.appended', (record) => {
    mirror.push(record);
  });
  client.subscribe('runs.halted', ({ runId, error }) => {
    void mirror.halt(runId, error);
  });
  client.subscribe('runs.lit', ({ runId, lights }) => {
    mirror.patch(runId, { lights });
  });
  client.subscribe('runs.probed', ({ runId, probe }) => {
    mirror.patch(runId, { probe });
  });
}
