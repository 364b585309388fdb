import type { AppError } from '../../shared/errors/app-error.js';
import type { Light, LogEntry, LogSource, Probe } from '../../shared/ipc/views.js';
import type { RunId, RunRecord } from '../../shared/run/events.js';

/** What runs tell the outside as it happens. The window pushes it to the page, the command line prints it. */
export type RunEvents = {
  readonly appended: (record: RunRecord) => void;
  readonly probed: (runId: RunId, probe: Probe) => void;
  readonly lit: (runId: RunId, lights: readonly Light[]) => void;
  readonly logged: (
    runId: RunId,
    source: LogSource,
    from: number,
    entries: readonly LogEntry[],
  ) => void;
  /** The journal cannot be written; null when it can again. */
  readonly halted: (runId: RunId, error: AppError | null) => void;
  /** Messages that people wait for, by id, when one more has fallen due. */
  readonly due: (runId: RunId, messageIds: readonly string[]) => void;
  readonly closed: (runId: RunId) => void;
};
