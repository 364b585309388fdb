import type { ReactNode } from 'react';
import { needsAuthority } from '../../../shared/run/select.js';
import type { RunState, StepState } from '../../../shared/run/state.js';
import { Card } from '../card.js';

/** Why a step waits for a person and not only for a key. */
export function GateCard({
  run,
  step: { plan, status },
}: {
  readonly run: RunState;
  readonly step: StepState;
}): ReactNode {
  if (status !== 'pending' && status !== 'undone') {
    return null;
  }
  if (plan.isManual) {
    return (
      <Card tone="accent" title="You do this, then say so">
        The console does nothing here; it only holds the place. Say what shows that it is done, or
        skip it with a reason.
      </Card>
    );
  }
  if (!needsAuthority(run, plan.unit)) {
    return null;
  }
  const authority = run.started?.runbook.contacts.authority ?? [];
  const names = authority.map(({ role, name }) => (name === undefined ? role : `${name}, ${role}`));
  return (
    <Card tone="accent" title="Ask first: this needs the word of somebody who may order a rollback">
      {names.join(' · ')}. Approving asks whose word it is; it goes into the journal with the time.
    </Card>
  );
}
