import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import classes from './home.module.css';

/** Something the arrows, Tab and the mouse can pick. The action bar speaks of what is picked. */
export function Pick({
  isPicked,
  label,
  onPick,
  children,
}: {
  readonly isPicked: boolean;
  readonly label: string;
  readonly onPick: () => void;
  readonly children: ReactNode;
}): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isPicked) {
      place.current?.scrollIntoView({ block: 'nearest' });
    }
  }, [isPicked]);
  return (
    <div
      ref={place}
      role="group"
      aria-label={label}
      aria-current={isPicked}
      tabIndex={0}
      className={classes['pick']}
      onFocus={onPick}
      onMouseDown={onPick}
    >
      {children}
    </div>
  );
}
