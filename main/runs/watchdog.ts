import type { RunEvent } from '../../shared/run/events.js';
import { clockJump, overdueOf } from '../../shared/run/overdue.js';
import type { Moment, RunState } from '../../shared/run/state.js';

export type WatchdogDeps = {
  readonly now: () => Moment;
  /** When the running step last said something. */
  readonly lastWordAt: () => Moment | null;
  /** Called with each look, for what else goes by the clock. */
  readonly onTick: (now: Moment) => void;
  readonly note: (choose: (state: RunState) => readonly RunEvent[]) => void;
  /** Rejects when the signal fires. */
  readonly delay: (milliseconds: number, signal: AbortSignal) => Promise<void>;
};

const EVERY_MS = 1_000;

/** Notices what nobody else would: a step that takes too long or says nothing, and time in which nobody looked. Ends nothing. */
export async function keepWatchdog(deps: WatchdogDeps, signal: AbortSignal): Promise<void> {
  let before = deps.now();
  for (;;) {
    await deps.delay(EVERY_MS, signal).catch(() => undefined);
    if (signal.aborted) {
      return;
    }
    const now = deps.now();
    const jump = clockJump(before, now);
    before = now;
    deps.onTick(now);
    deps.note((state) =>
      [jump, overdueOf(state, now, deps.lastWordAt())].flatMap((event) => event ?? []),
    );
  }
}
