import { useEffect, useLayoutEffect, useState } from 'react';
import type { RefObject } from 'react';
import { isAtEnd, scrollTopFor } from './windowing.js';
import type { Viewport } from './windowing.js';

export type Follow = {
  readonly viewport: Viewport;
  /** Lines that came since the reader scrolled up. */
  readonly unseen: number;
  readonly onScroll: () => void;
  readonly follow: () => void;
  readonly show: (index: number) => void;
};

/** Stays at the end while the reader is there; the moment the reader scrolls up, nothing moves any more. */
export function useFollow(
  scroller: RefObject<HTMLDivElement | null>,
  total: number,
  version: number,
): Follow {
  const [viewport, setViewport] = useState<Viewport>({ scrollTop: 0, height: 0 });
  /** How many lines there were when the reader left the end; null while following. */
  const [seenTotal, setSeenTotal] = useState<number | null>(null);
  const isFollowing = seenTotal === null;

  useLayoutEffect(() => {
    const element = scroller.current;
    // The scroll that follows tells the viewport.
    if (element !== null && isFollowing) {
      element.scrollTo({ top: element.scrollHeight });
    }
  }, [isFollowing, scroller, total, version]);

  useEffect(() => {
    const element = scroller.current;
    if (element === null) {
      return undefined;
    }
    const observer = new ResizeObserver(() => {
      setViewport(isFollowing ? scrolledToEnd(element) : viewportOf(element));
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [isFollowing, scroller]);

  return {
    viewport,
    unseen: seenTotal === null ? 0 : Math.max(0, total - seenTotal),
    onScroll() {
      if (scroller.current !== null) {
        const now = viewportOf(scroller.current);
        setViewport(now);
        setSeenTotal((seen) => (isAtEnd(total, now) ? null : (seen ?? total)));
      }
    },
    follow() {
      setSeenTotal(null);
    },
    show(index) {
      if (scroller.current !== null) {
        setSeenTotal((seen) => seen ?? total);
        const top = scrollTopFor(index, total, scroller.current.clientHeight);
        scroller.current.scrollTo({ top });
        setViewport(viewportOf(scroller.current));
      }
    },
  };
}

function viewportOf({ scrollTop, clientHeight }: HTMLElement): Viewport {
  return { scrollTop, height: clientHeight };
}

function scrolledToEnd(element: HTMLElement): Viewport {
  element.scrollTo({ top: element.scrollHeight });
  return viewportOf(element);
}
