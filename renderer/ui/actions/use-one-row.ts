import { useLayoutEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';

/**
 * How many buttons at the end of the bar found no room in its one row. They stay in the page to be measured again,
 * but can be neither seen nor reached there: their keys work, and the list of all actions has them.
 */
export function useOneRow(): {
  readonly row: RefObject<HTMLDivElement | null>;
  readonly left: number;
} {
  const row = useRef<HTMLDivElement>(null);
  const [left, setLeft] = useState(0);
  // After every drawing: what the bar offers changes its widths.
  useLayoutEffect(() => {
    const bar = row.current;
    if (bar === null) {
      return undefined;
    }
    const measure = (): void => {
      setLeft(markLeftOut(bar));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(bar);
    return () => {
      observer.disconnect();
    };
  });
  return { row, left };
}

function markLeftOut(bar: HTMLElement): number {
  const { bottom } = bar.getBoundingClientRect();
  const buttons = [...bar.querySelectorAll('button')];
  const leftOut = buttons.filter((button) => button.getBoundingClientRect().top >= bottom);
  for (const button of buttons) {
    button.toggleAttribute('data-is-left-out', leftOut.includes(button));
  }
  return leftOut.length;
}
