import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { toErrorJson } from '../../shared/errors/app-error.js';
import type { ErrorJson } from '../../shared/errors/app-error.js';
import type { Output, Payload } from '../../shared/ipc/contract.js';
import type { LogEntry, LogSource } from '../../shared/ipc/views.js';
import type { RunId } from '../../shared/run/events.js';
import type { Client } from '../ipc/client.js';
import { LogPages, PAGE_LINES, pageOf } from './log-pages.js';

const FIRST_LINES = 2_000;

export type LogView =
  | { readonly status: 'closed' }
  | { readonly status: 'loading' }
  | { readonly status: 'unreadable'; readonly error: ErrorJson }
  | { readonly status: 'open'; readonly total: number; readonly version: number };

export type LogStore = {
  readonly view: LogView;
  readonly open: (runId: RunId) => Promise<void>;
  readonly close: () => void;
  /** The line, or undefined while its page is not here. */
  readonly lineAt: (index: number) => LogEntry | undefined;
  /** Fetches what is missing of these lines. */
  readonly want: (from: number, count: number) => void;
};

/** A window on one log of one run: pages as they are looked at, and the live tail as it comes. */
export function createLogStore(client: Client, source: LogSource): StoreApi<LogStore> {
  return createStore<LogStore>()((set, get) => {
    const reader = new LogReader(
      client,
      source,
      () => get().view,
      (view) => {
        set({ view });
      },
    );
    client.subscribe('logs.appended', (push) => {
      reader.take(push);
    });
    return {
      view: { status: 'closed' },
      open: (runId) => reader.open(runId),
      close: () => {
        reader.close();
      },
      lineAt: (index) => reader.pages.lineAt(index),
      want: (from, count) => {
        reader.want(from, count);
      },
    };
  });
}

class LogReader {
  pages = new LogPages();
  #runId: RunId | null = null;
  #opening = 0;
  readonly #asked = new Set<number>();
  readonly #client: Client;
  readonly #source: LogSource;
  readonly #view: () => LogView;
  readonly #show: (view: LogView) => void;

  constructor(
    client: Client,
    source: LogSource,
    view: () => LogView,
    show: (view: LogView) => void,
  ) {
    this.#client = client;
    this.#source = source;
    this.#view = view;
    this.#show = show;
  }

  async open(runId: RunId): Promise<void> {
    const ticket = this.#restart(runId);
    this.#show({ status: 'loading' });
    try {
      const { total } = await this.#read(runId, 0, 1);
      const from = Math.max(0, total - FIRST_LINES);
      const page = await this.#read(runId, from, FIRST_LINES);
      if (ticket === this.#opening) {
        this.pages.put(from, page.entries);
        this.#grow(Math.max(page.total, from + page.entries.length));
      }
    } catch (thrown) {
      if (ticket === this.#opening) {
        this.#show({ status: 'unreadable', error: toErrorJson(thrown) });
      }
    }
  }

  close(): void {
    this.#restart(null);
    this.#show({ status: 'closed' });
  }

  /** A push that does not join on leaves a hole, which is read at once. */
  take({ runId, source, from, entries }: Payload<'logs.appended'>): void {
    if (runId !== this.#runId || source !== this.#source) {
      return;
    }
    const before = this.#total();
    const wasOpen = this.#view().status === 'open';
    this.pages.put(from, entries);
    this.#grow(from + entries.length);
    if (wasOpen && from > before) {
      this.want(before, from - before);
    }
  }

  want(from: number, count: number): void {
    const last = Math.min(from + count, this.#total()) - 1;
    for (let page = pageOf(from); page <= pageOf(last); page += 1) {
      if (!this.pages.isComplete(page, this.#total()) && !this.#asked.has(page)) {
        void this.#fetch(page);
      }
    }
  }

  async #fetch(page: number): Promise<void> {
    const runId = this.#runId;
    if (runId === null) {
      return;
    }
    this.#asked.add(page);
    try {
      const { entries, total } = await this.#read(runId, page * PAGE_LINES, PAGE_LINES);
      if (runId === this.#runId) {
        this.pages.put(page * PAGE_LINES, entries);
        this.pages.forgetFarFrom(page, this.#total());
        this.#grow(total);
      }
    } catch {
      // The lines stay unread and are asked for again when they are next looked at.
    } finally {
      this.#asked.delete(page);
    }
  }

  #restart(runId: RunId | null): number {
    this.#runId = runId;
    this.pages = new LogPages();
    this.#asked.clear();
    this.#opening += 1;
    return this.#opening;
  }

  #read(runId: RunId, from: number, count: number): Promise<Output<'logs.page'>> {
    const source = this.#source;
    return this.#client.request('logs.page', { runId, source, from, count });
  }

  #grow(total: number): void {
    const view = this.#view();
    const version = view.status === 'open' ? view.version + 1 : 0;
    this.#show({ status: 'open', total: Math.max(this.#total(), total), version });
  }

  #total(): number {
    const view = this.#view();
    return view.status === 'open' ? view.total : 0;
  }
}
