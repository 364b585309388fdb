import { IconArrowBackUp } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { RunEvent, RunRecord } from '../../shared/run/events.js';
import { refusalOfHandover } from '../../shared/run/rules.js';
import type { RunState } from '../../shared/run/state.js';
import type { OpenRun } from '../stores/run-store.js';
import { useNavigation, useStores } from '../stores/stores.js';
import type { Action, StageActions } from '../ui/actions/action.js';
import { useAsk } from '../ui/actions/actions-context.js';
import type { DialogSpec } from '../ui/actions/dialog-spec.js';

/** In every run: the refusal says what has to end first. A closed one that came from elsewhere can be given back. */
export function useHandOverAction(): Action | null {
  const stores = useStores();
  const ask = useAsk();
  const standing = useStore(stores.run, ({ view }) =>
    view.status === 'open' ? handOverStanding(view.run, view.isAttached) : null,
  );
  if (standing === 'came from elsewhere') {
    return giveBackAction(() => stores.run.getState().giveBack());
  }
  return standing === null
    ? null
    : {
        id: 'hand-over',
        label: 'Hand this run over…',
        key: 'Shift+O',
        tone: 'quiet',
        detail: 'Writes it to one file for another console; here it is only read from then on.',
        refusal: standing === 'possible' ? null : standing,
        run: () => {
          ask(handOverDialog((to) => stores.run.getState().handOver(to)));
        },
      };
}

function giveBackAction(run: () => Promise<void>): Action {
  return {
    id: 'give-back',
    label: 'Give the closed run back…',
    key: 'Shift+O',
    tone: 'quiet',
    detail: 'Writes its journal to a file for the console it came from, which takes it over.',
    run,
  };
}

/** `possible`, `came from elsewhere`, why not, or null where the question does not come up. */
export function handOverStanding(run: RunState, isAttached: boolean): string | null {
  if (run.closed !== null) {
    return run.takenOver.length > 0 ? 'came from elsewhere' : null;
  }
  if (run.started === null || run.handedOver !== null) {
    return null;
  }
  // What a run that was left has as running is unknown, and nothing of it runs here.
  return refusalOfHandover(isAttached ? run : { ...run, steps: [] }) ?? 'possible';
}

export function handOverDialog(handOver: (to: string) => Promise<void>): DialogSpec {
  return {
    title: 'Hand this run over',
    text: 'The run becomes one file for another console, and is only read here. Nothing on the target changes. The file holds no secrets of the service, but every name and note. Next you are asked where it is to lie.',
    fields: [{ kind: 'text', name: 'to', label: 'To whom?' }],
    confirm: 'Choose the file and hand over',
    submit: ({ to = '' }) => handOver(to.trim()),
  };
}

export function takeBackDialog(to: string, takeBack: (why: string) => Promise<void>): DialogSpec {
  return {
    title: 'Take the run back',
    text: `Do it only when ${to} does not go on with the file: otherwise two consoles drive the same service. Looks first, changes nothing.`,
    fields: [{ kind: 'textarea', name: 'why', label: 'Why?' }],
    confirm: 'Take the run back',
    submit: ({ why = '' }) => takeBack(why.trim()),
  };
}

/** What can be done with a run that is elsewhere. */
export function useTakeBackActions(view: OpenRun): StageActions {
  const stores = useStores();
  const { goHome } = useNavigation();
  const ask = useAsk();
  const to = view.run.handedOver?.to ?? '';
  return {
    primary: {
      id: 'take-back',
      label: 'Take it back…',
      key: 'Enter',
      tone: 'primary',
      icon: IconArrowBackUp,
      detail: 'The run goes on here, without the file.',
      run: () => {
        ask(takeBackDialog(to, (why) => stores.run.getState().takeBack(why)));
      },
    },
    others: [{ id: 'leave-run', label: 'Back to Home', key: 'Escape', tone: 'quiet', run: goHome }],
    then: 'looks at the target first; starts no step by itself',
  };
}

type TakenOver = Extract<RunEvent, { type: 'run.taken-over' }>;
export type TakenUp = {
  readonly event: TakenOver;
  readonly from: string | null;
  readonly at: string;
};

/** How the run came here, until somebody does something: in this session only, or it was read long ago. */
export function takenUp(records: readonly RunRecord[], session: string): TakenUp | null {
  const index = records.findLastIndex(
    ({ event }) => !seenByItself.has(event.type) && !isTick(event),
  );
  const record = records[index];
  if (record?.event.type !== 'run.taken-over' || record.session !== session) {
    return null;
  }
  const given = records.slice(0, index).findLast(({ event }) => event.type === 'run.handed-over');
  const from = given?.event.type === 'run.handed-over' ? given.event.by : null;
  return { event: record.event, from, at: record.at };
}

/** What the console records without anybody. */
const seenByItself: ReadonlySet<RunEvent['type']> = new Set([
  'health.changed',
  'step.unknown',
  'step.looked',
  'undo.failed',
  'watch.started',
  'watch.sampled',
  'watch.ended',
  'clock.jumped',
  'machine.suspended',
  'machine.resumed',
]);

function isTick(event: RunEvent): boolean {
  return event.type === 'checklist.ticked' && event.by === 'console';
}
