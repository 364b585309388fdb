import type { RunKind } from '../../shared/run/events.js';

/** What a new run is about. */
export type StartRun = {
  readonly runbookId: string;
  readonly environment: string;
  readonly procedureId: string;
  readonly kind: RunKind;
  readonly faults: readonly string[];
};
