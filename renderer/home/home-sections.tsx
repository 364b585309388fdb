import type { ReactNode } from 'react';
import type { HomeView } from '../../shared/ipc/views.js';
import type { RunId } from '../../shared/run/events.js';
import { Section } from '../ui/card.js';
import { EmptyState } from '../ui/empty-state.js';
import { useNow } from '../ui/now.js';
import { EnvironmentCardView } from './environment-card.js';
import type { HomeItem } from './home-items.js';
import classes from './home.module.css';
import { Pick } from './pick.js';
import { Problems } from './problems.js';
import { RecentRuns } from './recent-runs.js';
import { UnfinishedCard } from './unfinished-card.js';

export function HomeSections({
  home,
  items,
  picked,
  onPick,
  onOpen,
}: {
  readonly home: HomeView;
  readonly items: readonly HomeItem[];
  readonly picked: HomeItem | undefined;
  readonly onPick: (key: string) => void;
  readonly onOpen: (runId: RunId) => void;
}): ReactNode {
  return (
    <>
      <Unfinished items={items} picked={picked} onPick={onPick} />
      {home.problems.length === 0 ? null : <Problems problems={home.problems} />}
      <Services items={items} picked={picked} onPick={onPick} />
      <Section title="Recent runs">
        <RecentRuns
          items={items.filter((item) => item.kind === 'recent')}
          pickedKey={picked?.key}
          onPick={onPick}
          onOpen={({ runId }) => {
            onOpen(runId);
          }}
        />
      </Section>
    </>
  );
}

type PartProps = {
  readonly items: readonly HomeItem[];
  readonly picked: HomeItem | undefined;
  readonly onPick: (key: string) => void;
};

function Unfinished({ items, picked, onPick }: PartProps): ReactNode {
  const nowMs = Date.parse(useNow().at);
  const unfinished = items.filter((item) => item.kind === 'unfinished');
  return unfinished.length === 0 ? null : (
    <Section title="Not finished" aside="nothing is done until you continue">
      <div className={classes['list']}>
        {unfinished.map(({ key, run }) => (
          <Pick
            key={key}
            label={`Unfinished ${run.kind} of ${run.service}`}
            isPicked={key === picked?.key}
            onPick={() => {
              onPick(key);
            }}
          >
            <UnfinishedCard run={run} nowMs={nowMs} />
          </Pick>
        ))}
      </div>
    </Section>
  );
}

function Services({ items, picked, onPick }: PartProps): ReactNode {
  const nowMs = Date.parse(useNow().at);
  const environments = items.filter((item) => item.kind === 'environment');
  return (
    <Section title="Services" aside="how ready we are to bring each back">
      {environments.length === 0 ? (
        <EmptyState title="No runbook could be read.">
          A service is described by a runbook file; the built-in one comes with Lastgood.
        </EmptyState>
      ) : (
        <div className={classes['grid']}>
          {environments.map((item) => (
            <Pick
              key={item.key}
              label={`${item.service.service} on ${item.environment.name}`}
              isPicked={item.key === picked?.key}
              onPick={() => {
                onPick(item.key);
              }}
            >
              <EnvironmentCardView item={item} nowMs={nowMs} />
            </Pick>
          ))}
        </div>
      )}
    </Section>
  );
}
