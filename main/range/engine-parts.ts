import type { RangeClock } from './clock.js';
import type { EventStream } from './event-stream.js';
import type { FaultBox } from './fault-box.js';
import type { LogStore } from './log-store.js';
import type { Pace } from './pace.js';
import type { World } from './world.js';

/** What everything in one world shares. */
export type EngineParts = {
  readonly world: World;
  /** Resolves once the world, as it is now, is on disk. */
  readonly save: () => Promise<void>;
  readonly clock: RangeClock;
  readonly pace: Pace;
  readonly events: EventStream;
  readonly logs: LogStore;
  readonly faults: FaultBox;
};
