import type { ReactNode } from 'react';
import type { Stage } from '../../shared/run/select.js';
import { CommunicateScreen } from '../communicate/communicate-screen.js';
import { DecideScreen } from '../decide/decide-screen.js';
import { ExecuteScreen } from '../execute/execute-screen.js';
import { PrepareScreen } from '../prepare/prepare-screen.js';
import { ReviewScreen } from '../review/review-screen.js';
import { VerifyScreen } from '../verify/verify-screen.js';

/** The screen of a stage. Each reads the open run from the stores and says its actions to the frame. */
export function StageScreen({ stage }: { readonly stage: Stage }): ReactNode {
  switch (stage) {
    case 'decide':
      return <DecideScreen />;
    case 'prepare':
      return <PrepareScreen />;
    case 'communicate':
      return <CommunicateScreen />;
    case 'verify':
      return <VerifyScreen />;
    case 'review':
      return <ReviewScreen />;
    case 'execute':
      return <ExecuteScreen />;
  }
}
