import type { ReactNode } from 'react';
import { EmptyState } from '../ui/empty-state.js';
import { StageLayout } from '../ui/stage-layout.js';
import { Frame } from './frame.js';

export function OpeningRun(): ReactNode {
  return (
    <Frame>
      <StageLayout>
        <EmptyState title="Reading the journal…" />
      </StageLayout>
    </Frame>
  );
}
