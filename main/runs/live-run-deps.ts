import type { RunId } from '../../shared/run/events.js';
import type { RunState, StartedRun } from '../../shared/run/state.js';
import type { LogStore } from '../logs/log-store.js';
import type { StepVault } from '../steps/step-kind.js';
import type { Journal } from '../engine/journal.js';
import type { ConnectionPool } from '../connections/connection-pool.js';
import type { Clock } from './clock.js';
import type { RunEvents } from './run-events.js';

/** What a run that this process drives is made of. */
export type LiveRunDeps = {
  readonly runId: RunId;
  readonly started: StartedRun;
  readonly journal: Journal;
  /** What is in the journal so far. */
  readonly from: RunState;
  readonly appVersion: string;
  readonly pool: ConnectionPool;
  readonly vault: StepVault;
  /** Takes away the secrets that were kept to take steps back. */
  readonly forgetSecrets: () => Promise<void>;
  readonly logs: { readonly step: LogStore; readonly service: LogStore };
  readonly clock: Clock;
  readonly events: RunEvents;
  readonly redact: (text: string) => string;
  readonly watchSeconds: number;
  readonly onFault: (thrown: unknown) => void;
};
