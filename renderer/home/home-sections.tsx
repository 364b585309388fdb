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
  const nowMs = Date.parse(useNow().at);
  const isPicked = ({ key }: HomeItem): boolean => key === picked?.key;
  const unfinished = items.filter((item) => item.kind === 'unfinished');
  const environments = items.filter((item) => item.kind === 'environment');
  const recent = items.filter((item) => item.kind === 'recent');
  return (
    <>
      {unfinished.length === 0 ? null : (
        <Section title="Not finished" aside="nothing is done until you continue">
          <div className={classes['list']}>
            {unfinished.map((item) => (
              <Pick
                key={item.key}
                label={`Unfinished ${item.run.kind} of ${item.run.service}`}
                isPicked={isPicked(item)}
                onPick={() => {
                  onPick(item.key);
                }}
              >
                <UnfinishedCard run={item.run} nowMs={nowMs} />
              </Pick>
            ))}
          </div>
        </Section>
      )}
      {home.problems.length === 0 ? null : <Problems problems={home.problems} />}
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
                isPicked={isPicked(item)}
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
      <Section title="Recent runs">
        <RecentRuns
          items={recent}
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
