import type { EnvironmentCard, HomeView, RunSummary, ServiceCard } from '../../shared/ipc/views.js';

/** Everything on the home screen that can be picked, in the order in which it stands there. */
export type HomeItem =
  | { readonly kind: 'unfinished'; readonly key: string; readonly run: RunSummary }
  | {
      readonly kind: 'environment';
      readonly key: string;
      readonly service: ServiceCard;
      readonly environment: EnvironmentCard;
    }
  | { readonly kind: 'recent'; readonly key: string; readonly run: RunSummary };

export type EnvironmentItem = Extract<HomeItem, { kind: 'environment' }>;

export function homeItems(home: HomeView): readonly HomeItem[] {
  return [
    ...home.unfinished.map((run): HomeItem => ({
      kind: 'unfinished',
      key: `open ${run.runId}`,
      run,
    })),
    ...home.services.flatMap((service) =>
      service.environments.map((environment): HomeItem => {
        const key = `environment ${service.runbookId} ${environment.name}`;
        return { kind: 'environment', key, service, environment };
      }),
    ),
    ...home.recent.map((run): HomeItem => ({ kind: 'recent', key: `recent ${run.runId}`, run })),
  ];
}

/** Where a drill goes by default: what is picked, else the practice range, else anything. */
export function aimDrill(
  items: readonly HomeItem[],
  picked: HomeItem | undefined,
): EnvironmentItem | null {
  return aim(
    items,
    picked,
    ({ tier }) => tier === 'practice',
    () => true,
  );
}

/** Where an incident goes: never the practice range, for nothing there is real. */
export function aimIncident(
  items: readonly HomeItem[],
  picked: HomeItem | undefined,
): EnvironmentItem | null {
  return aim(
    items,
    picked,
    ({ tier }) => tier === 'production',
    ({ tier }) => tier !== 'practice',
  );
}

type Test = (environment: EnvironmentCard) => boolean;

function aim(
  items: readonly HomeItem[],
  picked: HomeItem | undefined,
  isPreferred: Test,
  isPossible: Test,
): EnvironmentItem | null {
  if (picked?.kind === 'environment' && isPossible(picked.environment)) {
    return picked;
  }
  const possible = items.filter(
    (item): item is EnvironmentItem => item.kind === 'environment' && isPossible(item.environment),
  );
  const sameService = possible.filter(
    ({ service }) => picked?.kind === 'environment' && service === picked.service,
  );
  const candidates = sameService.length > 0 ? sameService : possible;
  return candidates.find(({ environment }) => isPreferred(environment)) ?? candidates[0] ?? null;
}

/** The item that arrows lead to. */
export function neighbour(
  items: readonly HomeItem[],
  picked: HomeItem | undefined,
  step: 1 | -1,
): HomeItem | undefined {
  const at = picked === undefined ? -1 : items.findIndex(({ key }) => key === picked.key);
  return items[Math.min(items.length - 1, Math.max(0, at + step))];
}
