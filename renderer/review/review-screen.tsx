import { useState } from 'react';
import type { ReactNode } from 'react';
import type { RunState, StartedRun } from '../../shared/run/state.js';
import { useOpenRun, useStores } from '../stores/stores.js';
import { useRun, useRunDraft, useSend } from '../stores/use-run.js';
import { useStageActions } from '../ui/actions/actions-context.js';
import { usePerform } from '../ui/actions/use-perform.js';
import { ScreenTitle } from '../ui/card.js';
import { StageLayout } from '../ui/stage-layout.js';
import { UnrecordedNotice } from '../ui/unrecorded-notice.js';
import { CleanUpCard } from './clean-up-card.js';
import { useCleanUp } from './use-clean-up.js';
import { finalFigures, lastAlike } from './compare.js';
import { DrillCard } from './drill-card.js';
import { ExportsCard } from './exports-card.js';
import { Headline } from './headline.js';
import { MetricsCard } from './metrics-card.js';
import { outcomeSentence } from './outcome-sentence.js';
import { ReviewForm } from './review-form.js';
import classes from './review-screen.module.css';
import { TimelineCard } from './timeline-card.js';
import { useExports, usePastRuns, useReviewActions } from './use-review.js';
import { WaterfallCard } from './waterfall-card.js';

/** Stage 6: the numbers, what happened, what people know, and the report. */
export function ReviewScreen(): ReactNode {
  const run = useRun();
  return run.started === null ? null : <ReviewStage run={run} started={run.started} />;
}

function ReviewStage({
  run,
  started,
}: {
  readonly run: RunState;
  readonly started: StartedRun;
}): ReactNode {
  const perform = usePerform();
  const past = usePastRuns();
  const exports = useExports(started);
  const cleanUp = useCleanUp(run, started);
  const [isWhole, setIsWhole] = useState(false);
  const draft = useRunDraft(
    ({ review }) => review,
    (review) => ({ type: 'record-review', review }),
  );
  const toggleTimeline = (): void => {
    setIsWhole(!isWhole);
  };
  useStageActions(useReviewActions(run, draft.shown, exports, toggleTimeline, cleanUp.actions));
  return (
    <StageLayout>
      <ScreenTitle eyebrow={<b>{started.kind === 'drill' ? 'Drill' : 'Incident'}</b>}>
        {outcomeSentence(run)}
      </ScreenTitle>
      <Numbers run={run} started={started} past={past} />
      <UnrecordedNotice label="Record the review" draft={draft} />
      <ReviewForm
        review={draft.shown}
        onChange={(part) => {
          void draft.change(part);
        }}
      />
      <WaterfallCard run={run} />
      <CleanUpCard run={run} answer={cleanUp.answer} />
      <div className={classes['columns']}>
        <Records isWhole={isWhole} />
        <div>
          {started.kind === 'drill' ? <DrillList run={run} /> : null}
          <LiveMetrics run={run} started={started} past={past} />
          <ExportsCard
            written={exports.written}
            onReveal={(format) => {
              perform({
                id: 'reveal-report',
                label: 'Show the report’s file',
                run: () => exports.reveal(format),
              });
            }}
          />
        </div>
      </div>
    </StageLayout>
  );
}

type NumbersProps = {
  readonly run: RunState;
  readonly started: StartedRun;
  readonly past: ReturnType<typeof usePastRuns>;
};

function Numbers({ run, started, past }: NumbersProps): ReactNode {
  const { nowMoment } = useStores().run.getState();
  return (
    <Headline
      figures={finalFigures(run, nowMoment())}
      started={started}
      last={past === null ? null : lastAlike(past, started)}
    />
  );
}

function LiveMetrics({ run, started, past }: NumbersProps): ReactNode {
  const { nowMoment } = useStores().run.getState();
  return (
    <MetricsCard run={run} started={started} figures={finalFigures(run, nowMoment())} runs={past} />
  );
}

function Records({ isWhole }: { readonly isWhole: boolean }): ReactNode {
  const { records, run } = useOpenRun();
  return <TimelineCard records={records} run={run} isWhole={isWhole} />;
}

function DrillList({ run }: { readonly run: RunState }): ReactNode {
  const send = useSend();
  const perform = usePerform();
  return (
    <DrillCard
      run={run}
      onTick={(itemId, isTicked) => {
        perform({
          id: `drill-${itemId}`,
          label: isTicked ? 'Tick the item' : 'Take the tick off',
          run: () => send({ type: 'tick-drill-item', itemId, isTicked }),
        });
      }}
    />
  );
}
