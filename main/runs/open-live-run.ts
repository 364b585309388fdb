import type { RunState, StartedRun } from '../../shared/run/state.js';
import { createConnectionPool } from '../connections/connection-pool.js';
import type { HostOpener } from '../connections/connection-pool.js';
import type { Journal } from '../engine/journal.js';
import { LogStore } from '../logs/log-store.js';
import { LiveRun } from './live-run.js';
import type { LiveRunDeps } from './live-run-deps.js';
import type { RunFiles } from './run-files.js';

export type OpenLiveRunDeps = Pick<
  LiveRunDeps,
  'clock' | 'events' | 'redact' | 'onFault' | 'appVersion'
> & {
  readonly files: RunFiles;
  readonly watchSeconds: number | null;
  /** Left out where no host is to be reached. */
  readonly hosts?: HostOpener | null;
};

export type LiveRunParts = {
  readonly journal: Journal;
  /** What is in the journal so far. */
  readonly from: RunState;
  /** With the environment as this console reaches it, which may lie elsewhere than where the run began. */
  readonly started: StartedRun;
};

/** Puts a run together with its logs and connections; nothing is asked of a target yet but to be looked at. */
export async function openLiveRun(
  {
    clock,
    events,
    redact,
    onFault,
    appVersion,
    files,
    watchSeconds,
    hosts = null,
  }: OpenLiveRunDeps,
  { journal, from, started }: LiveRunParts,
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
    pool: createConnectionPool(started.environment, hosts),
    logs: {
      step: await LogStore.open(folder, 'step'),
      service: await LogStore.open(folder, 'service'),
    },
    watchSeconds: watchSeconds ?? started.environment.watchSeconds ?? started.runbook.watch.seconds,
  });
}
