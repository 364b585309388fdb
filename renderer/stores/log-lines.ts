import { useMemo } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import type { LogEntry } from '../../shared/ipc/views.js';
import type { LogStore, LogView } from './log-store.js';

/** A log as a view reads it: lines by index, a new object with every change. */
export type LogLines = {
  readonly view: LogView;
  readonly total: number;
  readonly version: number;
  readonly lineAt: (index: number) => LogEntry | undefined;
  readonly want: (from: number, count: number) => void;
};

export function useLogLines(store: StoreApi<LogStore>): LogLines {
  const view = useStore(store, (state) => state.view);
  return useMemo(() => {
    const { lineAt, want } = store.getState();
    const isOpen = view.status === 'open';
    return {
      view,
      total: isOpen ? view.total : 0,
      version: isOpen ? view.version : 0,
      lineAt,
      want,
    };
  }, [store, view]);
}
