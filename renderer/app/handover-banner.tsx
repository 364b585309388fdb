import type { ReactNode } from 'react';
import type { RunState } from '../../shared/run/state.js';
import { formatTime } from '../text/format.js';
import classes from './handover-banner.module.css';
import type { TakenUp } from './handover.js';

/** Calm: nothing is wrong, the run is only elsewhere. */
export function HandedOverBanner({ run }: { readonly run: RunState }): ReactNode {
  const { handedOver } = run;
  return handedOver === null ? null : (
    <div className={classes['banner']} role="status">
      <b>
        Handed over to {handedOver.to} at {formatTime(handedOver.at.at)}
      </b>
      ; here it is only read. Nothing has been done here since.
    </div>
  );
}

export function TakenUpBanner({
  taken: { event, from, at },
}: {
  readonly taken: TakenUp;
}): ReactNode {
  return (
    <div className={classes['banner']} role="status">
      {event.isTakenBack ? (
        <>
          <b>
            Taken back by {event.operator} at {formatTime(at)}
          </b>
          . The file must not be taken up anywhere any more: two consoles would drive the same
          service.
        </>
      ) : (
        <>
          <b>
            Taken over{from === null ? '' : ` from ${from}`} by {event.operator} at {formatTime(at)}
          </b>
          . Nothing has been done here yet; every step waits for you.
        </>
      )}
    </div>
  );
}
