import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Settings } from '../../shared/ipc/views.js';
import type { Client } from '../ipc/client.js';

export type SettingsView =
  { readonly status: 'loading' } | { readonly status: 'ready'; readonly settings: Settings };

export type SettingsStore = {
  readonly view: SettingsView;
  readonly load: () => Promise<void>;
  readonly write: (change: Partial<Settings>) => Promise<void>;
};

export function createSettingsStore(client: Client): StoreApi<SettingsStore> {
  return createStore<SettingsStore>()((set, get) => ({
    view: { status: 'loading' },

    async load() {
      set({ view: { status: 'ready', settings: await client.request('settings.read', null) } });
    },

    async write(change) {
      const { view } = get();
      const current =
        view.status === 'ready' ? view.settings : await client.request('settings.read', null);
      const settings = await client.request('settings.write', { ...current, ...change });
      set({ view: { status: 'ready', settings } });
    },
  }));
}
