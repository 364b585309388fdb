import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { toErrorJson } from '../../shared/errors/app-error.js';
import type { ErrorJson } from '../../shared/errors/app-error.js';
import type { LogEntry, LogSource } from '../../shared/ipc/views.js';
import type { RunId } from '../../shared/run/events.js';
import type { Client } from '../ipc/client.js';

export const PAGE_LINES = 500;
const FIRST_LINES = 2_000;
/** Pages kept in the page's memory; the rest is read again when it is scrolled to. */
const KEPT_PAGES = 60;

export type LogView =
  | { readonly status: 'closed' }
  | { readonly status: 'loading' }
  | { readonly status: 'unreadable'; readonly error: ErrorJson }
  | { readonly status: 'open'; readonly total: number; readonly version: number };

export type LogStore = {
  readonly view: LogView;
  open(runId: RunId): Promise<void>;
  close(): void;
  /** The line, or undefined while its page is not here. */
  lineAt(index: number): LogEntry | undefined;
  /** Fetches what is missing of these lines. */
  want(from: number, count: number): void;
};

type Pages = Map<number, (LogEntry | undefined)[]>;

/** A window on one log of one run: pages as they are looked at, and the live tail as it comes. */
export function createLogStore(client: Client, source: LogSource): StoreApi<LogStore> {
  return createStore<LogStore>()((set, get) => {
    let runId: RunId | null = null;
    let opening = 0;
    let pages: Pages = new Map();
    const asked = new Set<number>();

    client.subscribe('logs.appended', (push) => {
      if (push.runId !== runId || push.source !== source) {
        return;
      }
      const before = totalOf(get().view);
      put(push.from, push.entries);
      show(Math.max(before, push.from + push.entries.length));
      if (push.from > before) {
        get().want(before, push.from - before);
      }
    });

    return {
      view: { status: 'closed' },

      async open(nextRunId) {
        const ticket = ++opening;
        runId = nextRunId;
        pages = new Map();
        asked.clear();
        set({ view: { status: 'loading' } });
        try {
          const total = await totalLines(nextRunId);
          const from = Math.max(0, total - FIRST_LINES);
          const page = await read(nextRunId, from, FIRST_LINES);
          if (ticket === opening) {
            put(from, page.entries);
            show(Math.max(totalOf(get().view), page.total, from + page.entries.length));
          }
        } catch (thrown) {
          if (ticket === opening) {
            set({ view: { status: 'unreadable', error: toErrorJson(thrown) } });
          }
        }
      },

      close() {
        opening += 1;
        runId = null;
        pages = new Map();
        set({ view: { status: 'closed' } });
      },

      lineAt: (index) => pages.get(Math.floor(index / PAGE_LINES))?.[index % PAGE_LINES],

      want(from, count) {
        const last = Math.min(from + count, totalOf(get().view)) - 1;
        for (let page = pageOf(from); page <= pageOf(last); page += 1) {
          if (!isComplete(page) && !asked.has(page)) {
            void fetchPage(page);
          }
        }
      },
    };

    async function totalLines(id: RunId): Promise<number> {
      return (await read(id, 0, 1)).total;
    }

    function read(id: RunId, from: number, count: number) {
      return client.request('logs.page', { runId: id, source, from, count });
    }

    async function fetchPage(page: number): Promise<void> {
      const id = runId;
      if (id === null) {
        return;
      }
      asked.add(page);
      try {
        const { entries, total } = await read(id, page * PAGE_LINES, PAGE_LINES);
        if (id === runId) {
          put(page * PAGE_LINES, entries);
          forget(page);
          show(Math.max(totalOf(get().view), total));
        }
      } catch {
        // The line stays unread and is asked for again when it is next looked at.
      } finally {
        asked.delete(page);
      }
    }

    function put(from: number, entries: readonly LogEntry[]): void {
      entries.forEach((entry, offset) => {
        const index = from + offset;
        const page = pages.get(pageOf(index)) ?? [];
        page[index % PAGE_LINES] = entry;
        pages.set(pageOf(index), page);
      });
    }

    /** Drops the pages farthest from the one being looked at, never the tail. */
    function forget(near: number): void {
      const tail = pageOf(totalOf(get().view) - 1);
      const far = [...pages.keys()]
        .filter((page) => page !== tail)
        .toSorted((a, b) => Math.abs(b - near) - Math.abs(a - near));
      for (const page of far.slice(0, Math.max(0, pages.size - KEPT_PAGES))) {
        pages.delete(page);
      }
    }

    function isComplete(page: number): boolean {
      const lines = pages.get(page);
      const length = Math.min(PAGE_LINES, totalOf(get().view) - page * PAGE_LINES);
      for (let index = 0; index < length; index += 1) {
        if (lines?.[index] === undefined) {
          return false;
        }
      }
      return true;
    }

    function show(total: number): void {
      const { view } = get();
      const version = view.status === 'open' ? view.version + 1 : 0;
      set({ view: { status: 'open', total, version } });
    }
  });
}

function pageOf(index: number): number {
  return Math.max(0, Math.floor(index / PAGE_LINES));
}

function totalOf(view: LogView): number {
  return view.status === 'open' ? view.total : 0;
}
