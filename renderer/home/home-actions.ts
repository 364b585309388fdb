import { IconArrowRight, IconFlame, IconTargetArrow } from '@tabler/icons-react';
import type { Input } from '../../shared/ipc/contract.js';
import type { HostPlan } from '../../shared/ipc/views.js';
import type { RunId } from '../../shared/run/events.js';
import type { Action, StageActions } from '../ui/actions/action.js';
import type { DialogSpec } from '../ui/actions/dialog-spec.js';
import { aimDrill, aimIncident, neighbour } from './home-items.js';
import type { EnvironmentItem, HomeItem } from './home-items.js';
import { drillDialog, incidentDialog, nothingPossible } from './start-dialogs.js';

export type HomeDesk = {
  readonly items: readonly HomeItem[];
  readonly picked: HomeItem | undefined;
  readonly pick: (key: string) => void;
  readonly ask: (dialog: DialogSpec) => void;
  readonly start: (input: Input<'runs.start'>) => Promise<void>;
  /** What will be used to reach the hosts of an environment; connects to nothing. Never rejects. */
  readonly planOf: (item: EnvironmentItem) => Promise<readonly HostPlan[]>;
  readonly openRun: (runId: RunId) => void;
  readonly takeOver: () => Promise<void>;
};

/** The one next thing on Home follows what is picked; drill and incident are always one key away. */
export function homeActions(desk: HomeDesk): StageActions {
  const drill = drillAction(desk);
  const incident = incidentAction(desk);
  const open = openAction(desk);
  const primary = open ?? (drill.refusal === null ? drill : null);
  return {
    primary: primary === null ? null : { ...primary, key: 'Enter', tone: 'primary' },
    others: [
      // What became the primary keeps its own letter as well.
      { ...drill, isInBar: primary?.id !== drill.id },
      incident,
      takeOverAction(desk),
      ...arrows(desk),
    ],
  };
}

function openAction({ picked, openRun }: HomeDesk): Action | null {
  if (picked === undefined) {
    return null;
  }
  const runId = picked.kind === 'environment' ? picked.environment.openRunId : picked.run.runId;
  if (runId === null) {
    return null;
  }
  const label = openLabel(picked);
  return {
    id: 'open-picked',
    label,
    key: 'Enter',
    tone: 'primary',
    icon: IconArrowRight,
    run: () => {
      openRun(runId);
    },
  };
}

function openLabel(picked: HomeItem): string {
  if (picked.kind === 'environment') {
    return `Open the run on ${picked.environment.name}`;
  }
  const { kind, service, problem, owner } = picked.run;
  const isOnlyRead = picked.kind === 'recent' || problem !== null || owner !== null;
  return isOnlyRead
    ? `Read the ${kind} of ${service}`
    : `Open the unfinished ${kind} of ${service}`;
}

function drillAction({ items, picked, ask, start, planOf }: HomeDesk): Action {
  const aimed = aimDrill(items, picked);
  return {
    id: 'start-drill',
    label: aimed === null ? 'Start a drill…' : `Start a drill${placeOf(aimed, items)}…`,
    key: 'D',
    tone: 'normal',
    icon: IconTargetArrow,
    refusal: refusalFor(aimed, 'There is no service to drill: no runbook could be read.'),
    run: async () => {
      if (aimed !== null) {
        ask(drillDialog(aimed, start, await planOf(aimed)));
      }
    },
  };
}

function incidentAction({ items, picked, ask, start, planOf }: HomeDesk): Action {
  const aimed = aimIncident(items, picked);
  return {
    id: 'start-incident',
    label: aimed === null ? 'Start an incident…' : `Start an incident${placeOf(aimed, items)}…`,
    key: 'I',
    tone: 'danger',
    icon: IconFlame,
    refusal: refusalFor(
      aimed,
      'No runbook names a real environment yet: practice is for drills only.',
    ),
    run: async () => {
      if (aimed !== null) {
        ask(incidentDialog(aimed, start, await planOf(aimed)));
      }
    },
  };
}

function takeOverAction({ takeOver }: HomeDesk): Action {
  return {
    id: 'take-over',
    label: 'Take over a run from a file…',
    key: 'O',
    tone: 'quiet',
    detail: 'A run that another console handed over goes on here. Looks first, changes nothing.',
    run: takeOver,
  };
}

function refusalFor(aimed: EnvironmentItem | null, otherwise: string): string | null {
  if (aimed === null) {
    return otherwise;
  }
  return aimed.environment.openRunId === null
    ? nothingPossible(aimed)
    : `A run is open for ${nameOf(aimed)}. Continue it or close it first.`;
}

function nameOf({ service, environment }: EnvironmentItem): string {
  return `${service.service} on ${environment.name}`;
}

/** Where there is one service only, its name says nothing. */
function placeOf(item: EnvironmentItem, items: readonly HomeItem[]): string {
  const services = new Set(
    items.flatMap((each) => (each.kind === 'environment' ? [each.service.runbookId] : [])),
  );
  return services.size > 1 ? ` of ${nameOf(item)}` : ` on ${item.environment.name}`;
}

function arrows({ items, picked, pick }: HomeDesk): readonly Action[] {
  const to = (step: 1 | -1) => () => {
    const next = neighbour(items, picked, step);
    if (next !== undefined) {
      pick(next.key);
    }
  };
  const common = { tone: 'quiet', isInBar: false } as const;
  return [
    { ...common, id: 'pick-next', label: 'Pick the next line', key: 'ArrowDown', run: to(1) },
    { ...common, id: 'pick-previous', label: 'Pick the line before', key: 'ArrowUp', run: to(-1) },
  ];
}
