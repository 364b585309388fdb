import { AppError } from '../../shared/errors/app-error.js';
import type { RunEvent } from '../../shared/run/events.js';
import { foldRecords } from '../../shared/run/fold.js';
import type { RunState, StartedRun } from '../../shared/run/state.js';
import type { Environment } from '../../shared/runbook/environment-schema.js';
import type { Procedure } from '../../shared/runbook/schema.js';
import { createConnectionPool } from '../connections/connection-pool.js';
import type { ConnectionPool, HostOpener } from '../connections/connection-pool.js';
import type { Journal } from '../engine/journal.js';
import { LogStore } from '../logs/log-store.js';
import { hostsToKeep } from './host-side.js';
import { LiveRun } from './live-run.js';
import type { LiveRunDeps } from './live-run-deps.js';
import type { RunFiles } from './run-files.js';

type OpenLiveRunDeps = Pick<
  LiveRunDeps,
  'clock' | 'events' | 'redact' | 'onFault' | 'appVersion'
> & {
  readonly files: RunFiles;
  readonly watchSeconds: number | null;
  /** Left out where no host is to be reached. */
  readonly hosts?: HostOpener | null;
};

type LiveRunParts = {
  readonly journal: Journal;
  /** What is in the journal so far. */
  readonly from: RunState;
  /** With the environment as this console reaches it, which may lie elsewhere than where the run began. */
  readonly started: StartedRun;
  /** To that environment; the run lets go of it at its end. */
  readonly pool: ConnectionPool;
};

/** Lays the journal of a new run and opens it. Where that fails, nothing is left of it. */
export async function beginRun(
  deps: OpenLiveRunDeps,
  event: Extract<RunEvent, { type: 'run.started' }>,
  procedure: Procedure,
): Promise<LiveRun> {
  const { environment } = event;
  return withPool(deps, environment, async (pool) => {
    // Connecting takes longer than laying the journal and changes nothing: neither waits for the other.
    pool.keep(hostsToKeep({ procedure, environment }), () => undefined);
    const { runId, journal } = await deps.files.create();
    try {
      const moment = deps.clock.moment();
      const records = await journal.append([{ v: 1, runId, seq: 0, ...moment, event }]);
      const from = foldRecords(records);
      if (from.started === null) {
        throw new AppError('JOURNAL_BROKEN', 'The journal does not begin with its run.');
      }
      return await openLiveRun(deps, { journal, from, started: from.started, pool });
    } catch (thrown) {
      await journal.close();
      await deps.files.discard(runId);
      throw thrown;
    }
  });
}

/** Opens a run that lies on disk. */
export const takeUpRun = (
  deps: OpenLiveRunDeps,
  parts: Omit<LiveRunParts, 'pool'>,
): Promise<LiveRun> =>
  withPool(deps, parts.started.environment, (pool) => openLiveRun(deps, { ...parts, pool }));

async function withPool(
  { hosts }: OpenLiveRunDeps,
  environment: Environment,
  open: (pool: ConnectionPool) => Promise<LiveRun>,
): Promise<LiveRun> {
  const pool = createConnectionPool(environment, hosts);
  try {
    return await open(pool);
  } catch (thrown) {
    await pool.close();
    throw thrown;
  }
}

/** Puts a run together with its logs and connections; nothing is asked of a target yet but to be looked at. */
async function openLiveRun(
  { clock, events, redact, onFault, appVersion, files, watchSeconds }: OpenLiveRunDeps,
  { journal, from, started, pool }: LiveRunParts,
): Promise<LiveRun> {
  const folder = files.logFolderOf(started.runId);
  return new LiveRun({
    runId: started.runId,
    started,
    journal,
    from,
    appVersion,
    clock,
    redact,
    onFault,
    events,
    vault: files.vault.of(started.runId),
    forgetSecrets: () => files.vault.forget(started.runId),
    pool,
    logs: {
      step: await LogStore.open(folder, 'step'),
      service: await LogStore.open(folder, 'service'),
    },
    watchSeconds: watchSeconds ?? started.environment.watchSeconds ?? started.runbook.watch.seconds,
  });
}
