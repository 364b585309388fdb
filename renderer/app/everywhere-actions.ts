import { useStore } from 'zustand';
import type { RunId } from '../../shared/run/events.js';
import { useNavigation, useRunView, useStores } from '../stores/stores.js';
import type { Action } from '../ui/actions/action.js';
import { useAsk } from '../ui/actions/actions-context.js';
import type { DialogSpec } from '../ui/actions/dialog-spec.js';
import type { Stores } from '../stores/stores.js';
import { hostActions } from './host-actions.js';
import { useHandOverAction } from './handover.js';
import { stages } from './stages.js';

/** Home, stages, settings and exports: within reach on every screen, listed in the palette. */
export function useEverywhereActions(): readonly Action[] {
  const stores = useStores();
  const { place, goHome, openStage } = useNavigation();
  const ask = useAsk();
  const settings = useStore(stores.settings, ({ view }) => view);
  const handOver = useHandOverAction();
  const view = useRunView();
  const lights = view.status === 'open' && view.isAttached ? view.lights : [];
  const actions: Action[] = [operatorAction(stores, ask)];
  if (settings.status === 'ready') {
    actions.push(...themeActions(stores, settings.settings.theme));
  }
  if (place.screen === 'home') {
    return actions;
  }
  return [
    { id: 'home', label: 'Go to Home', key: 'Shift+H', tone: 'quiet', run: goHome },
    ...stages.map(({ id, title, key }): Action => ({
      id: `open-${id}`,
      label: `Open ${title}`,
      key,
      tone: 'quiet',
      run: () => {
        openStage(id);
      },
    })),
    ...(handOver === null ? [] : [handOver]),
    ...hostActions({ runId: place.runId, lights, client: stores.client }, ask),
    copyReportPath(stores, place.runId),
    ...actions,
  ];
}

const themeLabels = {
  system: 'Follow the system’s light or dark',
  light: 'Use the light colours',
  dark: 'Use the dark colours',
} as const;

function themeActions(stores: Stores, current: keyof typeof themeLabels): readonly Action[] {
  return (['system', 'light', 'dark'] as const)
    .filter((theme) => theme !== current)
    .map((theme) => ({
      id: `theme-${theme}`,
      label: themeLabels[theme],
      key: null,
      tone: 'quiet',
      run: () => stores.settings.getState().write({ theme }),
    }));
}

function operatorAction(stores: Stores, ask: (dialog: DialogSpec) => void): Action {
  return {
    id: 'operator',
    label: 'Change the operator’s name…',
    key: null,
    tone: 'quiet',
    detail: 'The name that stands in the journal and the messages of new runs.',
    run: () => {
      const { view } = stores.settings.getState();
      ask({
        title: 'Who is at the console?',
        text: 'The name stands in the journal and in the messages of runs started from now on.',
        fields: [
          {
            kind: 'text',
            name: 'operator',
            label: 'Name',
            initial: view.status === 'ready' ? view.settings.operator : '',
          },
        ],
        confirm: 'Use this name',
        submit: ({ operator = '' }) =>
          stores.settings.getState().write({ operator: operator.trim() }),
      });
    },
  };
}

function copyReportPath(stores: Stores, runId: RunId): Action {
  return {
    id: 'copy-report-path',
    label: 'Write the report and copy its path',
    key: null,
    tone: 'quiet',
    run: async () => {
      const { client } = stores;
      const { path } = await client.request('reports.export', { runId, format: 'markdown' });
      await client.request('clipboard.copy', { text: path, html: null });
    },
  };
}
