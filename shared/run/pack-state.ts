import { AppError } from '../errors/app-error.js';
import type { WatchSample } from './facts.js';
import type { RunState, WatchState } from './state.js';

/**
 * Samples come by the ten thousand and are all alike: as columns they are less than half as long, and read three
 * times as fast.
 */
type Columns = { readonly [K in keyof WatchSample]: readonly WatchSample[K][] };

export type PackedState = Omit<RunState, 'watch'> & {
  readonly watch: (Omit<WatchState, 'samples'> & { readonly samples: Columns }) | null;
};

/** Written by this very version: its outline is checked, not every field of it. */
export function isPackedState(value: unknown): value is PackedState {
  return typeof value === 'object' && value !== null && 'watch' in value && 'lastSeq' in value;
}

export function packState(state: RunState): PackedState {
  const { watch } = state;
  return {
    ...state,
    watch: watch === null ? null : { ...watch, samples: columnsOf(watch.samples) },
  };
}

/** JOURNAL_BROKEN where the columns do not fit each other. */
export function unpackState(packed: PackedState): RunState {
  const { watch } = packed;
  return {
    ...packed,
    watch: watch === null ? null : { ...watch, samples: samplesOf(watch.samples) },
  };
}

function columnsOf(samples: readonly WatchSample[]): Columns {
  return {
    atSeconds: samples.map(({ atSeconds }) => atSeconds),
    serving: samples.map(({ serving }) => serving),
    status: samples.map(({ status }) => status),
    milliseconds: samples.map(({ milliseconds }) => milliseconds),
    cpuPercent: samples.map(({ cpuPercent }) => cpuPercent),
    memoryBytes: samples.map(({ memoryBytes }) => memoryBytes),
    restarts: samples.map(({ restarts }) => restarts),
    newErrorLines: samples.map(({ newErrorLines }) => newErrorLines),
  };
}

function samplesOf(columns: Columns): WatchSample[] {
  return columns.atSeconds.map((atSeconds, index) => ({
    atSeconds,
    serving: cell(columns.serving, index),
    status: cell(columns.status, index),
    milliseconds: cell(columns.milliseconds, index),
    cpuPercent: cell(columns.cpuPercent, index),
    memoryBytes: cell(columns.memoryBytes, index),
    restarts: cell(columns.restarts, index),
    newErrorLines: cell(columns.newErrorLines, index),
  }));
}

function cell<T>(column: readonly T[], index: number): T {
  const value = column[index];
  if (value === undefined) {
    throw new AppError(
      'JOURNAL_BROKEN',
      'A folded state is not whole: its columns differ in length.',
    );
  }
  return value;
}
