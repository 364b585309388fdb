import { useState } from 'react';
import type { ReactNode } from 'react';
import { clockText } from './duration-clock.js';
import { EmptyState } from './empty-state.js';
import { secondsBetween } from '../../shared/metrics/time.js';
import { useNow } from './now.js';

/** Something is being asked for: what, and for how long already. Never a sign without words. */
export function Waiting({ children }: { readonly children: string }): ReactNode {
  const now = useNow();
  const [since] = useState(now);
  return (
    <div role="status">
      <EmptyState title={children}>{clockText(secondsBetween(since, now))} so far</EmptyState>
    </div>
  );
}
