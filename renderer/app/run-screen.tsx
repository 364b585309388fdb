import './json-schemas.js';
import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { currentStage } from '../../shared/run/select.js';
import type { Stage } from '../../shared/run/select.js';
import type { RunId } from '../../shared/run/events.js';
import { useNavigation, useOpenRun, useRunView, useStores } from '../stores/stores.js';
import { useOverrideActions } from '../ui/actions/actions-context.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { StageLayout } from '../ui/stage-layout.js';
import { Frame } from './frame.js';
import { useTakeBackActions } from './handover.js';
import { useContinueActions } from './left-run.js';
import { OpeningRun } from './opening-run.js';
import { leaveActions, readOnlyReason } from './read-only.js';
import { RunBanners } from './run-banners.js';
import { RunFooter } from './run-footer.js';
import { StageNav } from './stage-nav.js';
import { StageScreen } from './stage-screen.js';
import { Strip } from './strip.js';

export type RunScreenProps = { readonly runId: RunId; readonly stage: Stage | null };

/** One run, from its first record to its report. */
export function RunScreen({ runId, stage }: RunScreenProps): ReactNode {
  const stores = useStores();
  useEffect(() => {
    void stores.run.getState().open(runId);
    void stores.stepLog.getState().open(runId);
    void stores.serviceLog.getState().open(runId);
    return () => {
      stores.run.getState().close();
      stores.stepLog.getState().close();
      stores.serviceLog.getState().close();
    };
  }, [runId, stores]);
  const view = useRunView();
  switch (view.status) {
    case 'open':
      return <Opened stage={stage} />;
    case 'unreadable':
      return (
        <Frame>
          <StageLayout>
            <ErrorNotice label="Reading the run" error={view.error} />
          </StageLayout>
        </Frame>
      );
    default:
      return <OpeningRun />;
  }
}

function Opened({ stage: chosen }: { readonly stage: Stage | null }): ReactNode {
  const view = useOpenRun();
  const stage = chosen ?? currentStage(view.run);
  const { openStage, goHome } = useNavigation();
  // The stage that was opened stays until the operator leaves it: nothing jumps when the run moves on.
  useEffect(() => {
    openStage(stage);
  }, [openStage, stage]);
  const isLeft = !view.isAttached && view.run.phase !== 'closed';
  const isElsewhere = isLeft && view.run.handedOver !== null;
  const continueActions = useContinueActions(view);
  const takeBackActions = useTakeBackActions(view);
  const leftActions = isElsewhere ? takeBackActions : continueActions;
  const readOnly = readOnlyReason(view);
  const heldActions = isLeft ? leftActions : null;
  useOverrideActions(readOnly === null ? heldActions : leaveActions(goHome));
  return (
    <Frame
      strip={
        <Strip
          run={view.run}
          lights={view.lights}
          probe={view.probe}
          isAttached={view.isAttached}
        />
      }
      nav={<StageNav run={view.run} shown={stage} onOpen={openStage} />}
      banner={<RunBanners view={view} readOnly={readOnly} isLeft={isLeft} />}
      footer={<RunFooter view={view} />}
    >
      <StageScreen key={stage} stage={stage} />
    </Frame>
  );
}
